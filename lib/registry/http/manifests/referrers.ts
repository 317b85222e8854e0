import { type Descriptor, isRecord, readDescriptor } from '../../../oci/descriptor.ts'
import type { Digest } from '../../../oci/digest.ts'
import { FormatError } from '../../../oci/format-error.ts'
import { bareMediaType, isIndexType } from '../../../oci/media-type.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { COMPLETE, type Listing } from '../../listing.ts'
import type { ReferrersOptions } from '../../registry.ts'
import { pullScope } from '../auth/token-scope.ts'
import { followPages, type HttpPage, type PageItems, readPage } from '../listing/pagination.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { Address } from '../wire/redirect.ts'
import { header } from '../wire/transport.ts'
import { readFallback } from './fallback-index.ts'

/** Milliseconds after which a repository that had no referrers API is asked again. */
const NONE_FOR = 600_000
const MAX_REMEMBERED = 2_000
/** Of one manifest: they are listed again on every page about it. */
const MAX_PAGES = 100

/**
 * Descriptors of what refers to `subject`: from the referrers API where there is one, else from the fallback tag
 * (distribution-spec, "Listing Referrers"). A filter counts only when the registry says that it applied it.
 */
export async function* listReferrers(
  context: RepositoryContext,
  subject: Digest,
  options: ReferrersOptions = {},
): Listing<Descriptor> {
  const { artifactType } = options
  const wanted = (descriptor: Descriptor) => artifactType === undefined || descriptor.artifactType === artifactType
  const first = await firstPage(context, subject, options)
  if (first === 'absent') return COMPLETE
  if (first === 'unsupported') {
    if (options.isApiOnly) throw new RegistryError('unsupported', `${context.name} has no referrers API`)
    const index = await readFallback(context, subject, options)
    for (const descriptor of index?.manifests ?? []) if (wanted(descriptor)) yield descriptor
    return COMPLETE
  }
  const next = (address: Address) => ask(context, address, options)
  const pages = followPages(context.client, {
    first,
    next,
    items: descriptorsOf,
    keyOf: (descriptor) => descriptor.digest,
    mostPages: MAX_PAGES,
    what: 'entries',
  })
  for (;;) {
    const result = await pages.next()
    if (result.done) return result.value
    if (wanted(result.value)) yield result.value
  }
}

/** Supported means 200 and the media type of an index: some servers answer 200 to every path. */
async function firstPage(
  context: RepositoryContext,
  subject: Digest,
  options: ReferrersOptions,
): Promise<HttpPage | 'unsupported' | 'absent'> {
  const { facts, name } = context
  if ((facts.noReferrersUntil.get(name) ?? 0) > Date.now()) return 'unsupported'
  const filter = options.artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(options.artifactType)}`
  try {
    const page = await ask(context, `${name}/referrers/${subject}${filter}`, options)
    if (!page.response.foreign && isIndexType(bareMediaType(header(page.response, 'content-type')))) {
      if (!facts.referrersApi) facts.noReferrersUntil.clear()
      facts.referrersApi = true
      return page
    }
  } catch (error) {
    const says = (code: string) => isRegistryError(error) && error.codes.includes(code)
    // Without the API it may be the path that is taken for a name, so the tag is asked for.
    if (says('NAME_UNKNOWN')) return facts.referrersApi ? 'absent' : 'unsupported'
    // Some with the API answer like this for a missing subject: the next one may exist.
    if (says('MANIFEST_UNKNOWN')) return 'unsupported'
    // A web page if there is no API; a fault if there is one.
    if (isRegistryError(error, 'malformed') && !facts.referrersApi) return 'unsupported'
    // GHCR redirects to another host; others answer 400, 404 or 405.
    if (!isRegistryError(error, 'not-found', 'unsupported', 'unsafe-redirect', 'invalid')) throw error
  }
  // Harbor answers 404 for a deleted project: that's true of no other repository, and not for long.
  if (!facts.referrersApi) {
    if (facts.noReferrersUntil.size >= MAX_REMEMBERED) facts.noReferrersUntil.clear()
    facts.noReferrersUntil.set(name, Date.now() + NONE_FOR)
  }
  return 'unsupported'
}

function ask(context: RepositoryContext, to: string | Address, options: ReferrersOptions): Promise<HttpPage> {
  return readPage(context.client, {
    method: 'GET',
    to,
    scopes: pullScope(context.name),
    headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    repository: context.name,
    signal: options.signal,
  })
}

/** An unreadable entry, for example with a newer digest algorithm, affects only itself. */
function descriptorsOf(document: unknown): PageItems<Descriptor> {
  const entries = isRecord(document) && Array.isArray(document.manifests) ? document.manifests : []
  const items = entries.flatMap((entry, i) => {
    try {
      return [readDescriptor(entry, `manifests[${i}]`)]
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      return []
    }
  })
  return { items, skipped: entries.length - items.length }
}
