import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import {
  obstaclesToRestore,
  type Restored,
  type RestoreObstacles,
  restoreManifest,
} from '../../image/delete/restore.ts'
import type { Digest } from '../../oci/digest.ts'
import { isSamePlace } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import type { JournalledChange } from '../../store/change-journal.ts'
import { override, placeInput } from '../input.ts'
import { noteRestored } from '../plans/note-restored.ts'
import type { OutcomeNote } from './audited-change.ts'
import { change } from './change.ts'
import { changeJournal } from './change-journal.ts'
import { mayUndo } from './may-undo.ts'

export const undoInput = placeInput.extend({
  /** Identifies the change, as in its result. */
  change: z.string().max(100),
  override,
})

export interface UndoneChange {
  readonly digest: string
  /** That are back. */
  readonly tags: readonly string[]
  /** Tags that point at other images now, and were left there. */
  readonly left: readonly { readonly tag: string; readonly digest: string }[]
}

/** Undoes a change, and tells the plan that it was part of. @throws as `restoreChange` */
export async function undoChange(actor: Actor, input: z.output<typeof undoInput>): Promise<UndoneChange> {
  const { plan, ...undone } = await restoreChange(actor, input)
  if (plan !== undefined)
    await noteRestored(plan, input.change, undone).catch((error) =>
      console.error(`The plan ${plan} may be out of date`, error),
    )
  return undone
}

/**
 * Restores the saved bytes of a change under those of their tags that are free.
 * @param served as `restoreManifest` has it
 * @returns also the plan that the change was part of
 * @throws RegistryError `conflict` when every tag points at something else by now and the image is there,
 * `missing-content` when garbage collection has run, `not-found` when no such change is known here; AccessError
 */
export async function restoreChange(
  actor: Actor,
  { change: id, override: reason, ...place }: z.output<typeof undoInput>,
  served?: Set<Digest>,
): Promise<UndoneChange & { readonly plan?: string }> {
  // Moving a tag back moves it. Without the right to restore this reveals nothing: the frame refuses it all the same.
  const kept = await changeJournal().entry(id)
  const isMove =
    kept && mayUndo(actor, kept) && 'replacement' in kept.record && kept.record.repository === place.repository
  const target = { ...place, reason, ...(isMove && { tags: [kept.record.tag], replaces: true }) }
  const { result } = await change(actor, 'restore', target, async ({ repository, keep, note, alsoChanges }) => {
    const entry = await changeJournal().entry(id)
    const isHere = entry && isSamePlace(entry.record, place)
    // The right was asked for this repository: treat an entry of another one as not found.
    if (!isHere || !mayUndo(actor, entry)) throw new RegistryError('not-found', 'this change is no longer on record')
    const { record, replacement } = entry
    const tags = restoredTags(entry)
    alsoChanges(tags)
    note({ detail: { change: id, tags } })
    if (!('replacement' in record)) {
      const restored = await restoreManifest(repository, record, tags, { served })
      note(restoredNote(id, restored))
      await changeJournal().restored(id)
      return restored
    }
    const moved = replacement && (await keep.tag(repository, record.tag, replacement, record.digest))
    const restored = await restoreManifest(repository, record, tags, { replacing: replacement })
    await moved?.(restored.digest)
    await changeJournal().restored(id)
    note({ ...(replacement && { before: replacement }), ...restoredNote(id, restored) })
    return restored
  })
  return { ...result, ...(kept?.plan !== undefined && { plan: kept.plan }) }
}

/** For the audit log: a restore that left tags says which, and where they are. */
function restoredNote(change: string, { digest, tags, left }: Restored): OutcomeNote {
  return { after: digest, detail: { change, tags, ...(left.length > 0 && { left }) } }
}

/** What keeps a change from being undone as a whole. Asks the registry, and writes nothing. @throws RegistryError */
export function obstaclesToUndo(
  repository: Repository,
  entry: Pick<JournalledChange, 'record' | 'tookAlong' | 'replacement'>,
): Promise<RestoreObstacles> {
  const replacing = 'replacement' in entry.record ? entry.replacement : undefined
  return obstaclesToRestore(repository, entry.record, restoredTags(entry), { replacing })
}

/** Those that undoing a change puts back. */
export function restoredTags({ record, tookAlong }: Pick<JournalledChange, 'record' | 'tookAlong'>): readonly Tag[] {
  return 'tags' in record ? record.tags : [record.tag, ...tookAlong]
}
