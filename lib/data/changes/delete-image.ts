import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { deleteImage } from '../../image/delete/delete.ts'
import { digest, override, placeInput } from '../input.ts'
import { assertUnprotected } from '../protection/protection-of.ts'
import { change } from './change.ts'
import { blobDeletionView, type DeletionResult } from './deletion-result.ts'
import { shownTags, tagsShown } from './shown-tags.ts'

export const deleteImageInput = placeInput.extend({
  digest,
  /** Every tag that was shown on it. */
  expectTags: shownTags,
  /** Delete although a live index lists it. */
  force: z.boolean(),
  /** Deletes the layers that nothing else needs, too: then it can't be undone. */
  layers: z.boolean(),
  override,
})

/** Deletes a manifest with every tag on it. @throws RegistryError `conflict`, AccessError */
export async function removeImage(
  actor: Actor,
  { digest, expectTags: shown, force, layers, override: reason, ...place }: z.output<typeof deleteImageInput>,
): Promise<DeletionResult> {
  const expectTags = await tagsShown(actor, place, digest, shown)
  const target = { ...place, tags: expectTags, reason, audit: { before: digest } }
  const { result, undo } = await change(actor, 'delete', target, ({ repository, keep, note }) =>
    deleteImage(repository, digest, {
      expectTags,
      force,
      layers: layers ? 'delete-unneeded' : 'keep',
      save: (manifest, tags) => keep.image(repository, manifest, tags),
      // A protected tag would remain, but pulling it would fail for this platform.
      mayBreak: async (indexes) => {
        const tags = indexes.flatMap((index) => index.tags)
        const overridden = await assertUnprotected(actor, 'delete', { ...place, tags, reason })
        if (overridden) note({ detail: { overrides: overridden.name, reason } })
      },
    }),
  )
  const { verified, problems } = result
  const blobs = result.blobs.map((blob) => blobDeletionView(blob, place.repository))
  const isUndoable = undo && !blobs.some(({ outcome }) => outcome === 'deleted')
  return { outcome: 'deleted', verified, problems, ...(layers && { blobs }), ...(isUndoable && { undo }) }
}
