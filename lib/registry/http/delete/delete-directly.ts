import type { Digest } from '../../../oci/digest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { mapConcurrent } from '../../concurrent.ts'
import { isRegistryError, type RegistryError } from '../../errors.ts'
import type { DeleteTagOptions, DeletionEntry, DeletionRecord, TagDeletion } from '../../registry.ts'
import { digestIfPresent, digestNow, sendManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { requestDelete } from './delete-capabilities.ts'
import { journalled } from './deletion-outcome.ts'
import { tagsOn } from './tags-on.ts'

/**
 * DELETEs the tag itself. What the registry answers is a claim: a GET of the tag decides whether it's deleted, and a
 * GET of the manifest and of every sibling whether only the tag is. Early zot deleted the manifest with all its tags;
 * they are restored at once, and the registry is remembered for it. Undefined when this registry doesn't delete single
 * tags; only then is there reason to go another way.
 */
export async function deleteDirectly(
  context: RepositoryContext,
  record: DeletionRecord,
  options: DeleteTagOptions,
): Promise<TagDeletion | undefined> {
  const siblings = await siblingsOf(context, record, options)
  const entry = await options.journal?.begin(record)
  return journalled(entry, async () => {
    // From here on, an abort by the caller must not hide the outcome.
    const refusal = await refusalOf(requestDelete(context, record.tag, {}))
    if (refusal && hasNoTagDeletion(refusal)) return undefined
    const left = await digestIfPresent(context, record.tag)
    if (left === record.digest) {
      if (refusal && !isRegistryError(refusal, 'not-found')) throw refusal
      context.facts.tagDeletion = { evidence: 'DELETE of a tag was accepted but left the tag in place' }
      return undefined
    }
    if (refusal && left) throw refusal
    await entry?.step('deleted')
    const first = options.isOneOfMany && context.facts.tagDeletion === 'spares-siblings' ? 1 : siblings.length
    return repairSiblings(context, record, { siblings, first, entry })
  })
}

/** They needn't be named if the registry is known to spare them. */
async function siblingsOf(
  context: RepositoryContext,
  { tag, digest }: DeletionRecord,
  { siblings, signal }: DeleteTagOptions,
): Promise<readonly Tag[]> {
  if (siblings === undefined && context.facts.tagDeletion === 'spares-siblings') return []
  const tags = siblings ?? (await tagsOn(context, digest, { signal, known: tag }))
  return tags.filter((sibling) => sibling !== tag)
}

interface Siblings {
  readonly siblings: readonly Tag[]
  /** How many are looked at first; the others only if one of those is gone, or the manifest. */
  readonly first: number
  readonly entry: DeletionEntry | undefined
}

/** Restores what was deleted with the tag. What can't be restored stays in the journal, for undo. */
async function repairSiblings(
  context: RepositoryContext,
  record: DeletionRecord,
  { siblings, first, entry }: Siblings,
): Promise<TagDeletion> {
  const look = (references: readonly (Tag | Digest)[]) =>
    mapConcurrent(references, (reference) => digestNow(context, reference, {}))
  const [manifest, ...seen] = await look([record.digest, ...siblings.slice(0, first)])
  const isSpared = manifest !== undefined && !seen.includes(undefined)
  const found = isSpared ? seen : [...seen, ...(await look(siblings.slice(first)))]
  const lost = siblings.filter((_, i) => i < found.length && found[i] === undefined)
  if (manifest && lost.length === 0) {
    if (siblings.length > 0) context.facts.tagDeletion = 'spares-siblings'
    return { outcome: 'deleted', spared: [record.digest, ...siblings.filter((_, at) => found[at] === record.digest)] }
  }
  if (lost.length > 0) {
    const count = lost.length === 1 ? '1 other tag' : `${lost.length} other tags`
    context.facts.tagDeletion = { evidence: `DELETE of a tag deleted its manifest and ${count}` }
    await entry?.tookAlong(lost)
  }
  const missing = await putBack(context, record, lost.length > 0 ? lost : [record.digest])
  if (lost.length === 0) return { outcome: 'deleted' }
  await entry?.tookAlong(lost.filter((tag) => missing.includes(tag)))
  return { outcome: 'deleted', putBack: lost.filter((tag) => !missing.includes(tag)) }
}

/** Resolves to the ones that couldn't be restored: the check after the deletion names them. */
async function putBack(
  context: RepositoryContext,
  record: DeletionRecord,
  references: readonly (Tag | Digest)[],
): Promise<(Tag | Digest)[]> {
  const missing: (Tag | Digest)[] = []
  for (const reference of references)
    if (await refusalOf(sendManifest(context, reference, record))) missing.push(reference)
  return missing
}

async function refusalOf(request: Promise<unknown>): Promise<RegistryError | undefined> {
  try {
    await request
    return undefined
  } catch (error) {
    if (isRegistryError(error)) return error
    throw error
  }
}

/** Never after 401, 403, 429 or 5xx: those don't show what the registry supports. */
function hasNoTagDeletion(error: RegistryError): boolean {
  if (error.status === 405) return !error.codes.includes('DENIED')
  const says = error.codes.includes('UNSUPPORTED') || error.codes.includes('DIGEST_INVALID')
  return (error.status === 400 || error.status === 404) && says
}
