import type { Manifest } from '../../../oci/manifest.ts'
import type { Tag } from '../../../oci/reference.ts'
import type { DeleteCapabilities } from '../../capabilities.ts'
import { isRegistryError } from '../../errors.ts'
import { annotatedPlaceholder, emptyPlaceholder, whiteSpacePlaceholder } from '../../placeholder.ts'
import type { CallOptions, DeleteTagOptions, DeletionRecord, TagDeletion } from '../../registry.ts'
import { deleteScope } from '../auth/token-scope.ts'
import { removeBlob } from '../blobs/blobs.ts'
import { uploadBlob } from '../blobs/uploads.ts'
import { fetchManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { deleteDirectly } from './delete-directly.ts'
import { ignoreRefusal, moved } from './deletion-outcome.ts'
import { proveDeletes, replaceThenDelete } from './replace-then-delete.ts'

export interface TagDeletionContext extends RepositoryContext {
  readonly registryName: string
  /** Probed without touching anything, and cached. */
  readonly deletes: (options: CallOptions) => Promise<DeleteCapabilities>
}

/**
 * Deletes one tag and never a sibling. Where the registry deletes tags it does that; elsewhere, if allowed, an
 * equivalent manifest takes the tag and is deleted by its own digest, so that the original and its other tags stay.
 * What is tried is the least harmful first: white space, an annotation, and only where that is allowed an empty image.
 * @throws RegistryError `conflict` when the tag is not what the user was shown, and whatever the registry answers
 */
export async function deleteTag(
  context: TagDeletionContext,
  tag: Tag,
  options: DeleteTagOptions,
): Promise<TagDeletion> {
  const [{ original, seenAt }, deletes] = await Promise.all([
    readOriginal(context, tag, options),
    context.deletes({ signal: options.signal }),
  ])
  const record: DeletionRecord = {
    registry: context.registryName,
    repository: context.name,
    tag,
    digest: original.digest,
    mediaType: original.mediaType,
    bytes: original.bytes,
  }
  if (deletes.tag.state !== 'no') {
    const direct = await deleteDirectly(context, record, options)
    if (direct) return direct
  }
  if (options.strategy === 'tag-only') return unsupported('the registry can’t delete single tags')
  const { manifest } = deletes
  const whiteSpace = whiteSpacePlaceholder(original)
  const proven = manifest.state === 'unknown' ? await proveDeletes(context, whiteSpace) : manifest.state === 'yes'
  if (!proven) return unsupported(deletes.advice ?? manifest.evidence)
  const replaced = await replaceThenDelete(context, record, whiteSpace, { ...options, seenAt })
  if (replaced) return replaced
  const annotated = annotatedPlaceholder(original)
  const outcome = annotated && (await replaceThenDelete(context, record, annotated, options))
  if (outcome) return outcome
  const reason = 'the registry doesn’t accept an equivalent of this manifest under another digest'
  if (options.strategy === 'allow-replace') return { ...unsupported(reason), further: 'allow-empty' }
  return (await replaceByEmpty(context, record, original, options)) ?? unsupported(`${reason}, nor an empty image`)
}

async function replaceByEmpty(
  context: RepositoryContext,
  record: DeletionRecord,
  original: Manifest,
  options: DeleteTagOptions,
): Promise<TagDeletion | undefined> {
  const empty = emptyPlaceholder(original)
  const { digest } = await uploadBlob(context, empty.config, { signal: options.signal })
  try {
    return await replaceThenDelete(context, record, empty, options)
  } finally {
    // Garbage collection removes what isn't deleted now: nothing refers to it any more.
    await removeBlob(context, digest, deleteScope(context.name)).catch(ignoreRefusal)
  }
}

async function readOriginal(context: RepositoryContext, tag: Tag, options: DeleteTagOptions) {
  const original = await fetchManifest(context, tag, { signal: options.signal }).catch((error) => {
    if (!isRegistryError(error, 'not-found')) throw error
    throw moved(context, tag, options.expect, undefined)
  })
  if (original.digest !== options.expect) throw moved(context, tag, options.expect, original.digest)
  return { original, seenAt: performance.now() }
}

function unsupported(reason: string) {
  return { outcome: 'unsupported', reason } as const
}
