/** The route of a path, for metrics: never the path itself, which would make one series of each repository. */
export function routeName(path: string, basePath = ''): string {
  const [pathname = ''] = (path.startsWith(basePath) ? path.slice(basePath.length) : path).split('?')
  const [first = '', second = ''] = pathname.split('/').slice(1)
  if (first === '') return '/'
  if (first === '_next') return '/_next'
  if (first === 'api') return API.has(second) ? `/api/${second}` : 'other'
  return PAGES.has(first) ? `/${first}` : 'other'
}

const API = new Set(['archive', 'auth', 'blob', 'jobs', 'load', 'resolution', 'sbom', 'signature'])
const PAGES = new Set(
  [
    'r',
    'd',
    'diff',
    'search',
    'labels',
    'policy',
    'storage',
    'activity',
    'trash',
    'audit',
    'auditor',
    'jobs',
    'settings',
  ].concat(['sign-in', 'healthz', 'readyz', 'metrics']),
)
