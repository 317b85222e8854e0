import { FormatError } from '../../../oci/format-error.ts'
import { parseJson } from '../../../oci/json.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { COMPLETE, type ListEnd, type Listing } from '../../listing.ts'
import type { RegistryClient } from '../client.ts'
import { type Address, onOwnOrigin } from '../wire/redirect.ts'
import { type HttpResponse, header } from '../wire/transport.ts'
import { nextLink } from './next-link.ts'

const PAGE_LIMIT = 32 * 1024 * 1024
export const MAX_PAGES = 1_000
/** Limits over all pages: longer lists are of no use, and memory is limited. */
const MAX_ITEMS = 1_000_000
const MAX_BYTES = 256 * 1024 * 1024

export interface PagedList<T> {
  readonly first: HttpPage
  /** Asks for the following pages. */
  readonly next: (address: Address) => Promise<HttpPage>
  /** The entries of one page; undefined for a document that isn't one. */
  readonly items: (document: unknown) => PageItems<T> | undefined
  readonly keyOf: (item: T) => string
  /** Pages that are read at most. Default: `MAX_PAGES`. */
  readonly mostPages?: number
  /** The noun for invalid entries in messages. Default: `names`. */
  readonly what?: string
}

export interface PageItems<T> {
  readonly items: readonly T[]
  /** How many more are invalid. */
  readonly skipped: number
}

export interface HttpPage {
  readonly response: HttpResponse
  readonly document: unknown
  /** Bytes. */
  readonly size: number
}

/** One page of JSON. @throws RegistryError `malformed` when it isn't JSON or nests too deep, and as `RegistryClient.read` */
export async function readPage(
  client: RegistryClient,
  request: Parameters<RegistryClient['read']>[0],
): Promise<HttpPage> {
  const { response, bytes } = await client.read(request, PAGE_LIMIT)
  const { host } = client.endpoint
  try {
    return { response, document: parseJson(bytes, { maxBytes: PAGE_LIMIT }), size: bytes.byteLength }
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    const what = header(response, 'content-type')?.includes('html') ? 'a web page' : 'something that isn’t JSON'
    throw notList(host, what, { cause })
  }
}

function notList(host: string, what: string, options?: ErrorOptions): RegistryError {
  return new RegistryError('malformed', `${host} answered with ${what} where a list was expected`, { host }, options)
}

/**
 * Follows `Link: <…>; rel="next"` from page to page (distribution-spec, "Listing tags"). Entries that come twice are
 * left out. The listing ends as partial when a page repeats, fails, or when there are too many pages,
 * entries or bytes.
 * @throws RegistryError `malformed` when the first page isn't a list: an error with status 200 doesn't mean that there is
 *   nothing
 */
export async function* followPages<T>(client: RegistryClient, list: PagedList<T>): Listing<T> {
  const visited = new Set<string>()
  const seen = new Set<string>()
  const { mostPages = MAX_PAGES, what = 'names' } = list
  let [skipped, bytes] = [0, 0]
  let page = list.first
  for (let pages = 1; ; pages++) {
    const cost = pages > 1 && { pages }
    const partial = (reason: string): ListEnd => ({ complete: false, reason, ...cost })
    const found = list.items(page.document)
    if (!found) {
      const failure = notList(client.endpoint.host, 'something else')
      if (pages === 1) throw failure
      return partial(`the next page failed: ${failure.message}`)
    }
    skipped += found.skipped
    for (const item of found.items) {
      const key = list.keyOf(item)
      if (seen.has(key)) continue
      if (seen.size === MAX_ITEMS) return partial(`stopped after ${MAX_ITEMS} entries`)
      seen.add(key)
      yield item
    }
    const link = nextLink(page.response.headers.link)
    if (link === undefined) return skipped === 0 ? { ...COMPLETE, ...cost } : partial(leftOut(skipped, what))
    bytes += page.size
    if (bytes >= MAX_BYTES) return partial(`stopped after ${MAX_BYTES / 1024 / 1024} MiB`)
    if (pages >= mostPages) return partial(`stopped after ${mostPages} pages`)
    const following = await nextPage(client, list, page.response.address, link, visited)
    if ('reason' in following) return partial(following.reason)
    page = following
  }
}

async function nextPage<T>(
  client: RegistryClient,
  list: PagedList<T>,
  from: Address,
  link: string,
  visited: Set<string>,
): Promise<HttpPage | { reason: string }> {
  try {
    const address = samePath(from, onOwnOrigin(client.endpoint, from, link))
    visited.add(from.path)
    if (visited.has(address.path)) return { reason: 'the registry repeats a page' }
    return await list.next(address)
  } catch (error) {
    // Entries listed before stay useful; zot and Harbor refuse to continue when the last name was deleted meanwhile.
    if (isRegistryError(error)) return { reason: `the next page failed: ${error.message}` }
    throw error
  }
}

/**
 * The following page is of the same list. Behind a proxy some registries name the path at which only they know it: Nexus
 * that of its main port (sonatype/nexus-public#1011), Artifactory one with or without the name of its own repository.
 */
function samePath(from: Address, to: Address): Address {
  const [path = '', query] = to.path.split('?', 2)
  const own = from.path.split('?', 1)[0] ?? ''
  const isSame = endOf(own) === endOf(path) && query !== undefined
  return isSame ? { origin: to.origin, path: `${own}?${query}` } : to
}

/** `tags/list`, `v2/_catalog`, `referrers/sha256:…` */
function endOf(path: string): string {
  return path.split('/').slice(-2).join('/')
}

function leftOut(count: number, what: string): string {
  if (count === 1) return `one of the ${what} isn’t valid and was left out`
  return `${count} invalid ${what} were left out`
}
