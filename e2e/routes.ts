export interface Place {
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** Of its config. */
  readonly blob: string
}

/** What can be read at each route below /api. A missing route fails the tests that read this. */
export const ROUTES: Readonly<Record<string, ((registry: string, place: Place) => string) | 'elsewhere'>> = {
  'api/archive/[format]/[registry]/[...path]': (registry, { repository, tag }) =>
    `/api/archive/oci/${registry}/${repository}:${tag}`,
  'api/added-labels/[registry]/[...path]': (registry, { repository, digest }) =>
    `/api/added-labels/${registry}/${repository}@${digest}`,
  'api/blob/[registry]/[...path]': (registry, { repository, blob }) => `/api/blob/${registry}/${repository}@${blob}`,
  'api/labels/[registry]/[...path]': (registry, { repository, tag }) =>
    `/api/labels/${registry}/${repository}:${tag}?format=json`,
  'api/manifest/[registry]/[...path]': (registry, { repository, digest }) =>
    `/api/manifest/${registry}/${repository}@${digest}`,
  // Those below are tested where what they are about is: their answers don't depend on a repository alone.
  'api/[[...unknown]]': 'elsewhere',
  'api/audit': 'elsewhere',
  'api/auth/[...nextauth]': 'elsewhere',
  'api/changes/[registry]/[...path]': 'elsewhere',
  'api/events/[registry]': 'elsewhere',
  'api/export/[what]': 'elsewhere',
  'api/jobs/[id]/events': 'elsewhere',
  'api/load/[registry]': 'elsewhere',
  'api/plan/[id]': 'elsewhere',
  'api/resolution/[registry]/[...path]': 'elsewhere',
  'api/sbom/[registry]/[...path]': 'elsewhere',
  'api/signature/[registry]/[...path]': 'elsewhere',
  healthz: 'elsewhere',
  metrics: 'elsewhere',
  readyz: 'elsewhere',
}
