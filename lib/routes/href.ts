import type { Place } from '../oci/place.ts'
import type { ArchiveFormat } from './archive-format.ts'
import { basePath } from './base-path.ts'
import type { LinkQuery } from './link-query.ts'
import { selectorSuffix } from './selector.ts'

/** Every link of the app is built here. Base path aside: Next adds it. */

function withQuery(path: string, query: LinkQuery = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value))
  // `/`, `:` and `@` are legal in a query; leaving them makes references readable.
  const text = search.toString().replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@')
  return text ? `${path}?${text}` : path
}

export const homeHref = '/'
export const filteredHomeHref = (query: LinkQuery) => withQuery(homeHref, query)
/** Leaves for the identity provider, and comes back to a page of this site. */
export const providerSignInHref = (returnTo: string) => withQuery(`${basePath}/api/auth/signin/oidc`, { returnTo })
export const tokensHref = '/settings/tokens'
export const notificationsHref = '/settings/notifications'
export const sessionsHref = (who?: 'everyone') => withQuery('/settings/sessions', { who })
export const accessHref = (query?: LinkQuery) => withQuery('/settings/access', query)
export const signInHref = (returnTo?: string) => withQuery('/sign-in', { returnTo })
/** @param account a registry, to sign in with an account of it */
export const accountSignInHref = (account: string, returnTo?: string) => withQuery('/sign-in', { account, returnTo })

export const registryHref = (registry: string, query?: LinkQuery) =>
  withQuery(`/r/${encodeURIComponent(registry)}`, query)

/** A namespace or a repository; `path` is never empty. */
export const pathHref = (registry: string, path: string, query?: LinkQuery) =>
  withQuery(`${registryHref(registry)}/${path}`, query)

/** A repository's page, by the place of anything in it. */
export const repositoryHref = ({ registry, repository }: Place, query?: LinkQuery) =>
  pathHref(registry, repository, query)

/** @param selector a tag or a digest */
export const manifestHref = (place: Place, selector: string, query?: LinkQuery) =>
  withQuery(`${repositoryHref(place)}${selectorSuffix(selector)}`, query)

/** A plan of many changes: before it runs, while it does, and afterwards. */
export const planHref = (id: string, query?: LinkQuery) => withQuery(`/plan/${encodeURIComponent(id)}`, query)

/** Downloads, so with the base path. */
export const planExportHref = (id: string, format: 'csv' | 'json') =>
  withQuery(`${basePath}/api/plan/${encodeURIComponent(id)}`, { format })

/** One side of a comparison as it stands in the URL: `<registry>/<repository>:<tag>` or `…@<digest>`. */
export function sideOf({ registry, repository }: Place, selector: string): string {
  return `${registry}/${repository}${selectorSuffix(selector)}`
}

export const diffHref = (a?: string, b?: string, query?: LinkQuery) => withQuery('/diff', { a, b, ...query })

/** Below `/api/<what>`: followed by the browser itself, so with the base path. */
const apiPath = (what: string, { registry, repository }: Place, selector?: string) =>
  `${basePath}/api/${what}/${encodeURIComponent(registry)}/${repository}${selector ? selectorSuffix(selector) : ''}`

/** @param type the media type, where it is known: what the file is called by */
export const blobHref = (place: Place, digest: string, type?: string) =>
  withQuery(apiPath('blob', place, digest), { type })

/** @param selector a tag or a digest */
export const archiveHref = (format: ArchiveFormat, place: Place, selector: string, platform?: string) =>
  withQuery(apiPath(`archive/${format}`, place, selector), { platform })

/** @param index which of the documents that the referrer carries */
export const sbomHref = (place: Place, digest: string, index: number) =>
  withQuery(apiPath('sbom', place, digest), { index })

/** The packages of one of them as CSV: those that its table shows. */
export const packagesHref = (
  place: Place,
  digest: string,
  {
    index,
    filter,
    licence,
  }: { readonly index: number; readonly filter: string; readonly licence?: string | undefined },
) =>
  withQuery(apiPath('sbom', place, digest), {
    index,
    format: 'csv',
    filter: filter || undefined,
    licence,
  })

/** @param name of a signature in the registry's own store */
export const signatureHref = (place: Place, subject: string, name: string) =>
  withQuery(apiPath('signature', place, subject), { name })

/** A manifest's labels in full. @param query as on its page, and the format */
export const labelsHref = (place: Place, selector: string, query: LinkQuery) =>
  withQuery(apiPath('labels', place, selector), query)

/** A manifest's exact text. */
export const rawManifestHref = (place: Place, digest: string) => apiPath('manifest', place, digest)

/** @param query as `searchPageQuery` makes it */
export const activityHref = (query?: LinkQuery) => withQuery('/activity', query)
export const searchHref = (query?: LinkQuery) => withQuery('/search', query)

/** @param query as `labelsPageQuery` makes it */
export const labelReportHref = (query?: LinkQuery) => withQuery('/labels', query)
/** A result in full. @param what `search`, `labels` or `policy`; the query as on its page, and the format */
export const exportHref = (what: 'search' | 'labels' | 'policy' | 'activity', query: LinkQuery) =>
  withQuery(`${basePath}/api/export/${what}`, query)
/** @param query as `policyPageQuery` makes it */
export const policyHref = (query?: LinkQuery) => withQuery('/policy', query)

/** @param query as `storagePageQuery` makes it */
export const storageHref = (query?: LinkQuery) => withQuery('/storage', query)

export const jobsHref = '/jobs'
export const trashHref = ({ q, page = 1 }: { readonly q?: string; readonly page?: number } = {}) =>
  withQuery('/trash', { q: q || undefined, page: page === 1 ? undefined : page })
export const protectionHref = '/settings/protection'
/** @param id a policy, or `new` */
export const retentionHref = (id?: string) =>
  id ? `/settings/retention/${encodeURIComponent(id)}` : '/settings/retention'
/** The audit log. @param below rows before this one */
export const auditorHref = '/auditor'
export const auditHref = (q?: string, below?: number) => withQuery('/audit', { q, below })
export const auditExportHref = (format: 'csv' | 'ndjson', q: string) =>
  withQuery(`${basePath}/api/audit`, { format, q })
/** Server-sent events of one job. */
export const jobEventsHref = (id: string) => `${basePath}/api/jobs/${id}/events`
/** Where an archive is put. Without a repository its own names say where it goes. */
/** @param tags instead of the archive's, by what it calls the image */
export const loadHref = (
  registry: string,
  repository: string | undefined,
  overwrite: boolean,
  tags: readonly (readonly [name: string, tag: string])[] = [],
) =>
  withQuery(`${basePath}/api/load/${encodeURIComponent(registry)}`, {
    repository,
    overwrite: overwrite ? 1 : undefined,
    tags: tags.length > 0 ? JSON.stringify(tags) : undefined,
  })

/** Server-sent events when tags of a repository change. */
export const changesHref = (place: Place) => apiPath('changes', place)

/** Server-sent events while the tags of a repository are resolved. */
export const tagProgressHref = (place: Place, resolve: boolean) =>
  `${apiPath('resolution', place)}${resolve ? '?resolve' : ''}`

/** Where a digest leads that may be a manifest's or a blob's: the route finds out which. */
export const digestHref = ({ registry, repository }: Place, digest: string, query: DigestQuery = {}) =>
  withQuery(`/d/${encodeURIComponent(registry)}/${repository}@${digest}`, {
    from: query.from,
    page: query.page === 1 ? undefined : query.page,
  })

interface DigestQuery {
  /** The tag or digest of the manifest that names it. */
  readonly from?: string | undefined
  /** Of a blob's lines, from 1. */
  readonly page?: number
}
