import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

/** What each part may import besides itself. `type:` allows only types. The order is that of the design, top to bottom. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // `oci` to parse at the edge, `access` to identify the actor; only `data` reads and writes.
  app: [
    'components',
    'lib/query',
    'lib/actions',
    'lib/data',
    'lib/problem',
    'lib/routes',
    'lib/format',
    'lib/filter',
    'lib/oci',
    'lib/access',
    'lib/config',
  ],
  components: [
    'lib/query',
    'lib/routes',
    'lib/format',
    'lib/filter',
    'lib/problem',
    'type:lib/data',
    'lib/oci/known-types',
    'lib/oci/artifact-titles',
    // To parse what people type.
    'lib/oci/reference',
    'lib/oci/place',
    'type:lib/oci',
  ],
  'lib/query': ['lib/actions', 'type:lib/data', 'lib/problem', 'lib/routes', 'lib/oci/place', 'type:lib/oci'],
  'lib/actions': ['lib/data', 'lib/problem', 'lib/access', 'lib/routes', 'lib/filter', 'lib/oci'],
  'lib/routes': ['lib/filter', 'lib/oci'],
  'lib/format': ['type:lib/oci', 'type:lib/registry'],
  'lib/start': [
    'lib/audit',
    'lib/catalog',
    'lib/access',
    'lib/observe',
    'lib/config',
    'lib/store',
    'lib/image',
    'lib/registry',
    'lib/oci',
  ],
  'lib/data': ['lib'],
  'lib/problem': [
    'lib/audit',
    'lib/access',
    'lib/jobs',
    'lib/filter',
    'lib/format',
    'lib/registry',
    'lib/oci',
    'lib/config',
    'lib/store',
  ],
  'lib/catalog': ['lib/store', 'lib/image', 'lib/registry', 'lib/filter', 'lib/oci', 'lib/config'],
  'lib/audit': ['lib/store', 'lib/oci', 'lib/config'],
  'lib/jobs': ['lib/store', 'lib/image', 'lib/registry', 'lib/oci', 'lib/config'],
  'lib/access': ['lib/config', 'lib/filter', 'lib/oci', 'lib/store', 'lib/format'],
  // Metrics and logs: about requests, never about what is in them.
  'lib/observe': ['lib/config', 'lib/registry'],
  'lib/config': ['lib/registry', 'lib/image', 'lib/filter', 'lib/oci'],
  'lib/store': ['lib/registry', 'lib/oci', 'lib/config'],
  'lib/image': ['lib/registry', 'lib/filter', 'lib/oci'],
  'lib/registry': ['lib/oci'],
  'lib/filter': ['lib/oci'],
  'lib/oci': [],
  // The servers that unit, contract and browser tests start; `isTest` keeps everything else away from them.
  'lib/testing': ['lib'],
  e2e: ['lib', 'app', 'components'],
}

/** Parts that could be published as a package: they know neither the framework nor the database. */
const PUBLISHABLE = ['lib/oci', 'lib/registry', 'lib/image', 'lib/filter']
const FRAMEWORKS = /^(?:next|react|react-dom|next-auth|server-only|kysely|pg|node:sqlite|@tanstack|@base-ui)(?:\/|$)/

const ROOT = resolve(import.meta.dirname, '..')
const files = ['app', 'components', 'lib', 'e2e'].flatMap(sourceFiles)
const imports = files.flatMap(importsOf)

it('parses the imports that it checks', () => {
  expect(files.length).toBeGreaterThan(10)
  expect(imports.some(({ file, target }) => file === 'lib/registry/registry.ts' && target === 'lib/oci/digest')).toBe(
    true,
  )
})

it('imports point down only', () => {
  const wrong = imports.filter(({ file, target, typeOnly }) => {
    if (!target || isTest(file)) return false
    const part = partOf(file)
    if (target === part || target.startsWith(`${part}/`)) return false
    const allowed = ALLOWED[part] ?? []
    return !allowed.some((entry) => {
      const [prefix, types] = entry.startsWith('type:') ? [entry.slice('type:'.length), true] : [entry, false]
      return (target === prefix || target.startsWith(`${prefix}/`)) && (!types || typeOnly)
    })
  })
  expect(wrong.map(describeImport)).toEqual([])
})

it('components/ui knows no other components', () => {
  const wrong = imports.filter(
    ({ file, target }) => /^components\/ui\//.test(file) && /^components\/(?!ui\/)/.test(target ?? ''),
  )
  expect(wrong.map(describeImport)).toEqual([])
})

it('no imports form a cycle, even inside a folder', () => {
  expect(cyclesAmong(imports)).toEqual([])
})

it('only tests import from e2e and lib/testing', () => {
  const wrong = imports.filter(
    ({ file, target }) => /^(?:e2e|lib\/testing)\//.test(target ?? '') && !file.startsWith('e2e/') && !isTest(file),
  )
  expect(wrong.map(describeImport)).toEqual([])
})

it('the registry library knows no framework and no database', () => {
  const wrong = imports.filter(({ file, source }) => PUBLISHABLE.includes(partOf(file)) && FRAMEWORKS.test(source))
  expect(wrong.map(describeImport)).toEqual([])
})

it('lib/routes and lib/query import only what runs in a browser too', () => {
  const reached = new Set<string>()
  const visit = (file: string) => {
    // Actions are called over the network.
    if (reached.has(file) || isTest(file) || file.startsWith('lib/actions/')) return
    reached.add(file)
    for (const { file: from, target, typeOnly } of imports)
      if (from === file && target && !typeOnly)
        for (const found of files) if (found.replace(/\.tsx?$/, '') === target) visit(found)
  }
  for (const file of files) if (/^lib\/(?:routes|query)\//.test(file)) visit(file)
  const wrong = imports.filter(({ file, source }) => reached.has(file) && source.startsWith('node:'))
  expect(wrong.map(describeImport)).toEqual([])
})

it('CONTRIBUTING names only files and folders that exist', () => {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const named = [...text.matchAll(/`((?:lib|app|components|e2e)\/[\w./()-]+)`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

it('there are no barrel files, nor files with meaningless names', () => {
  const wrong = files.filter((file) => /(?:^|\/)(?:index|utils|types|helpers)\.tsx?$/.test(file))
  expect(wrong).toEqual([])
})

/** Each set of files that import one another, types and lazy imports included, as `a → b → a`. */
function cyclesAmong(all: readonly Import[]): string[] {
  const exists = new Map(files.map((file) => [file.replace(/\.tsx?$/, ''), file]))
  const targets = Map.groupBy(all, ({ file }) => file)
  const next = (file: string) =>
    (targets.get(file) ?? []).flatMap(({ target }) => {
      const found = target === undefined ? undefined : exists.get(target)
      return found === undefined ? [] : [found]
    })
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) cycles.push([...path.slice(start), file].join(' → '))
    if (start >= 0 || done.has(file)) return
    for (const target of next(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return cycles
}

interface Import {
  readonly file: string
  readonly source: string
  /** From the root, without its extension; absent for packages. */
  readonly target?: string
  readonly typeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  const path = join(ROOT, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [
    ...Array.from(statements, ([, type, source = '']) => ({ source, typeOnly: Boolean(type) })),
    ...Array.from(calls, ([, source = '']) => ({ source, typeOnly: false })),
  ].map((each) => ({ file, ...each, target: targetOf(file, each.source) }))
}

function targetOf(file: string, source: string): string | undefined {
  const path = source.startsWith('@/')
    ? source.slice(2)
    : source.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), source))
      : undefined
  return path?.replace(/\.tsx?$/, '')
}

/** `lib/oci` for what lies in it, `app`, `components` and `e2e` whole. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'lib' ? `${first}/${second}` : first
}

function isTest(file: string): boolean {
  return (
    /\.(?:test|spec)\.tsx?$|\/testing\//.test(file) ||
    file.startsWith('lib/registry/contract') ||
    file === 'lib/registry/contract/registry-contract.ts'
  )
}

function describeImport({ file, source, typeOnly }: Import): string {
  return `${file} → ${source}${typeOnly ? ' (type)' : ''}`
}
