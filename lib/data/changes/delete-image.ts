import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { deleteImage } from '../../image/delete/delete.ts'
import { digest, override, placeInput, tag } from '../input.ts'
import { change } from './change.ts'
import { blobDeletionView, type DeletionResult } from './deletion-result.ts'

export const deleteImageInput = placeInput.extend({
  digest,
  expectTags: z.array(tag).max(100_000).readonly(),
  /** Delete although a live index lists it. */
  force: z.boolean(),
  /** Deletes the layers that nothing else needs, too: then there is nothing to undo it with. */
  layers: z.boolean(),
  override,
})

/** Deletes a manifest with every tag on it. @throws RegistryError `conflict`, AccessError */
export async function removeImage(
  actor: Actor,
  { digest, expectTags, force, layers, override: reason, ...place }: z.output<typeof deleteImageInput>,
): Promise<DeletionResult> {
  const target = { ...place, tags: expectTags, reason, audit: { before: digest } }
  const { result, undo } = await change(actor, 'delete', target, ({ repository, keep }) =>
    deleteImage(repository, digest, {
      expectTags,
      force,
      layers: layers ? 'delete-unneeded' : 'keep',
      save: (manifest, tags) => keep.image(repository, manifest, tags),
    }),
  )
  const { verified, problems } = result
  const blobs = result.blobs.map((blob) => blobDeletionView(blob, place.repository))
  const isUndoable = undo && !blobs.some(({ outcome }) => outcome === 'deleted')
  return { outcome: 'deleted', verified, problems, ...(layers && { blobs }), ...(isUndoable && { undo }) }
}
