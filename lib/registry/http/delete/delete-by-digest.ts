import type { Digest } from '../../../oci/digest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { isRegistryError } from '../../errors.ts'
import { collect } from '../../listing.ts'
import type { CallOptions } from '../../registry.ts'
import { listTags } from '../listing/tags.ts'
import { digestIfPresent, sendManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { requestDelete } from './delete-capabilities.ts'

/** While many deletions and pushes run at once, one in ten fails halfway. */
const TIMES = 5

/** A manifest that is to be deleted, with the tags on it. */
export interface DoomedManifest {
  readonly digest: Digest
  readonly document: Parameters<typeof sendManifest>[2]
  readonly tags: readonly Tag[]
}

/**
 * DELETEs a manifest until the registry has done all of it. Distribution 2 deletes a manifest before its tags, and
 * answers 500 in between when another tag of the repository is being written: its tags stay listed and point at
 * nothing. They are on the manifest again as soon as that is back, so it's put and deleted once more.
 * @returns the last failure, also if its effect is there; undefined if the registry has confirmed the deletion
 */
export async function deleteByDigest(
  context: RepositoryContext,
  { digest, document, tags }: DoomedManifest,
  options: CallOptions,
): Promise<Error | undefined> {
  let failure = await failureOf(requestDelete(context, digest, options))
  for (let time = 1; time < TIMES && mayBeHalfDone(failure); time++) {
    if ((await digestIfPresent(context, digest)) || !(await isAnyListed(context, tags))) return failure
    // Without what it needs it can't be put back, and nothing is worse than before.
    if (await failureOf(sendManifest(context, digest, document))) return failure
    failure = await failureOf(requestDelete(context, digest, {}))
  }
  return failure
}

/** After a failure the request is sent again, and the registry no longer knows the manifest. */
function mayBeHalfDone(failure: Error | undefined): boolean {
  return isRegistryError(failure, 'unavailable', 'not-found')
}

/** If it can't be determined, they may be. */
async function isAnyListed(context: RepositoryContext, tags: readonly Tag[]): Promise<boolean> {
  if (tags.length === 0) return false
  try {
    const { items, end } = await collect(listTags(context, {}))
    const listed = new Set(items)
    return !end.complete || tags.some((tag) => listed.has(tag))
  } catch (error) {
    if (!isRegistryError(error)) throw error
    return true
  }
}

async function failureOf(request: Promise<unknown>): Promise<Error | undefined> {
  try {
    await request
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
