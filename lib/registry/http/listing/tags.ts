import { isRecord } from '../../../oci/descriptor.ts'
import { isTag, type Tag } from '../../../oci/reference.ts'
import { isRegistryError } from '../../errors.ts'
import { COMPLETE, type Listing } from '../../listing.ts'
import type { CallOptions } from '../../registry.ts'
import { pullScope } from '../auth/token-scope.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { Address } from '../wire/redirect.ts'
import { readUploadTimes } from './google-tags.ts'
import { followPages, type HttpPage, readPage } from './pagination.ts'
import { pickNames } from './repositories.ts'

/** Most registries clamp it and no known one refuses it; distribution 2.8 ignores it. */
const PAGE_SIZE = 1_000

/**
 * `tags: null`, `[]` and a 404 that gives a code all mean that there are no tags. The end says when they were pushed if
 * the registry is Google's.
 */
export async function* listTags(context: RepositoryContext, options: CallOptions = {}): Listing<Tag> {
  const page = (to: string | Address): Promise<HttpPage> =>
    readPage(context.client, {
      method: 'GET',
      to,
      scopes: pullScope(context.name),
      repository: context.name,
      signal: options.signal,
    })
  let first: HttpPage
  try {
    first = await page(`${context.name}/tags/list?n=${PAGE_SIZE}`)
  } catch (error) {
    // Without a code a proxy may have answered, or a server that doesn't list tags.
    if (isRegistryError(error, 'not-found'))
      return error.codes.length > 0 ? COMPLETE : { complete: false, reason: `the list failed: ${error.message}` }
    if (!isRegistryError(error) || error.status !== 400) throw error
    first = await page(`${context.name}/tags/list`)
  }
  const times = new Map<Tag, string>()
  const items = (document: unknown) => {
    readUploadTimes(document, times)
    if (!isRecord(document)) return undefined
    const { name, tags } = document
    return pickNames(tags === undefined && typeof name === 'string' ? null : tags, isTag)
  }
  const end = yield* followPages(context.client, { first, next: page, items, keyOf: String })
  return times.size > 0 ? { ...end, pushed: { source: context.client.endpoint.host, times } } : end
}
