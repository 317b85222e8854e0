import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import type { TagWatch } from './tag-watch.ts'

/**
 * Deletes one of many images of a repository: like `deleteImage`, except that a watch has read all tags, so that only
 * the image's own are requested here.
 * @param save given the document before anything is changed; the deletion doesn't happen when it throws
 * @throws RegistryError `conflict` when its tags aren't the ones that were planned, or a live index lists it
 */
export async function deleteWatchedImage(
  repository: Repository,
  watch: TagWatch,
  { digest, tags }: { readonly digest: Digest; readonly tags: readonly Tag[] },
  save: (manifest: Manifest, tags: readonly Tag[]) => Promise<void>,
): Promise<void> {
  const details = { host: repository.registry.location, repository: repository.name }
  const [first] = tags
  // The document at a tag has to be saved, and shows where the tag points: one request instead of two.
  const atFirst = first === undefined ? undefined : await readIfPresent(repository, first)
  const found = await mapConcurrent(tags, async (tag) =>
    atFirst && tag === first ? atFirst.digest : digestAt(repository, tag),
  )
  const moved = tags.find((_, i) => found[i] !== digest)
  if (moved !== undefined) {
    const now = found[tags.indexOf(moved)]
    throw new RegistryError('conflict', now ? `the tag ${moved} was moved to ${now}` : `the tag ${moved} was deleted`, {
      ...details,
      expected: digest,
      found: now ?? 'absent',
    })
  }
  const added = watch.tagsOn(digest).find((tag) => !tags.includes(tag))
  if (added)
    throw new RegistryError('conflict', `the tag ${added} now points at this image too`, { ...details, found: added })
  const [index] = watch.indexesOf(digest)
  if (index) throw new RegistryError('conflict', `it is part of ${nameOf(watch, index)}`, { ...details, found: index })
  const manifest = atFirst ?? (await repository.manifest(digest))
  await save(manifest, tags)
  await repository.deleteManifest(digest, { expectTags: tags, tagsNow: tags, manifest })
  watch.forget(digest)
}

function nameOf(watch: TagWatch, index: Digest): string {
  return watch.tagsOn(index)[0] ?? index
}
