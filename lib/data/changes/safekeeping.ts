import { type Actor, usernameOf } from '../../access/actor.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { isOutage, isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { DeletionEntry, DeletionJournal, ManifestContent, Repository } from '../../registry/registry.ts'
import type { ChangeRecord } from '../../store/change-journal.ts'
import { TAKEN_AWAY } from '../../store/trash.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { changeJournal } from './change-journal.ts'
import { settleLater } from './settle.ts'

interface Kept {
  readonly id: string
  readonly record: ChangeRecord
  /** Absent while unknown. */
  outcome?: string
  /** The new target of a moved tag. */
  replacement?: Digest
}

/** What a change has saved, and its outcome. */
export interface TakenAway extends Place {
  readonly tags: readonly Tag[]
  readonly digest: Digest
  /** Absent while unknown. */
  readonly outcome?: string
  /** Whether it was removed from its place. */
  readonly wasTaken: boolean
  readonly replacement?: Digest
}

/**
 * Everything one change deletes or overwrites: stored before the first write, so that it can be restored, even after a
 * crash.
 */
export class Safekeeping implements DeletionJournal {
  readonly #actor: Actor
  readonly #plan: string | undefined
  readonly #kept: Kept[] = []

  /** @param plan that the change is part of */
  constructor(actor: Actor, plan?: string) {
    this.#actor = actor
    this.#plan = plan
  }

  /** For `Repository.deleteTag`, which notes each of its steps. Resolves once the record is on disk. */
  async begin(record: ChangeRecord): Promise<DeletionEntry> {
    const kept = await this.#add(record)
    return {
      step: kept.step,
      tookAlong: kept.tookAlong,
      end: async (outcome) => {
        await kept.end(outcome)
        kept.outcome = outcome
      },
    }
  }

  /** A manifest that is about to be deleted, with its tags, if it has any. */
  async image(repository: Repository, { digest, mediaType, bytes }: Manifest, tags: readonly Tag[]): Promise<void> {
    await this.#add({ ...placeOf(repository), tags, digest, mediaType, bytes })
  }

  /**
   * A tag that is about to move.
   * @param before what it points at
   * @param after what it is to point at, where that is known
   * @returns a function to call with the tag's new target
   */
  async tag(
    repository: Repository,
    tag: Tag,
    before: Digest,
    after: Digest | null = null,
  ): Promise<(now: Digest) => Promise<void>> {
    const { mediaType, bytes } = await contentOf(repository, before)
    const record = { ...placeOf(repository), tag, digest: before, mediaType, bytes, replacement: after }
    const kept = await this.#add(record)
    return async (now) => {
      kept.outcome = now === before ? 'untouched' : 'overwritten'
      kept.replacement = now
      await changeJournal().close(kept.id, kept.outcome, now)
    }
  }

  /** Identifies the last deleted or overwritten thing that can be restored. */
  get undo(): string | undefined {
    // For a tag whose manifest was lost there is nothing to restore.
    const isUndoable = ({ outcome = '', record }: Kept) => TAKEN_AWAY.includes(outcome) && record.bytes.byteLength > 0
    return this.#kept.findLast(isUndoable)?.id
  }

  get takenAway(): TakenAway[] {
    return this.#kept.map(({ record, outcome, replacement }) => ({
      registry: record.registry,
      repository: record.repository,
      tags: 'tags' in record ? record.tags : [record.tag],
      digest: record.digest,
      wasTaken: TAKEN_AWAY.includes(outcome ?? ''),
      ...(outcome && { outcome }),
      ...(replacement && { replacement }),
    }))
  }

  /** The work succeeded, which ends all open records. */
  async finish(): Promise<void> {
    for (const kept of this.#open()) await this.#close(kept, 'deleted')
  }

  /**
   * The work has failed. If it's unknown how far it got, the records stay open, to be compared with the registry later.
   * @returns what the caller has to throw
   */
  async fail(error: unknown): Promise<unknown> {
    const open = this.#open()
    if (isRefusal(error)) {
      for (const kept of open) await this.#close(kept, 'failed')
      return error
    }
    // If no job can be queued, the next start settles open records.
    for (const { id, record } of open) await settleLater(id, record, ownerOf(this.#actor)).catch(console.error)
    const [first] = open
    return first && isOutage(error) ? interrupted(error, first.record) : error
  }

  async #add(record: ChangeRecord) {
    const by = usernameOf(this.#actor)
    const entry = await changeJournal().begin(record, { ...(by && { by }), ...(this.#plan && { plan: this.#plan }) })
    const kept: Kept & DeletionEntry = { ...entry, record }
    this.#kept.push(kept)
    return kept
  }

  #open(): Kept[] {
    return this.#kept.filter(({ outcome }) => outcome === undefined)
  }

  async #close(kept: Kept, outcome: string): Promise<void> {
    await changeJournal().close(kept.id, outcome)
    kept.outcome = outcome
  }
}

/** Whether the registry's answer means that nothing was changed. */
function isRefusal(error: unknown): boolean {
  return isRegistryError(error) && !isOutage(error) && !isRegistryError(error, 'digest-mismatch', 'malformed')
}

/** A tag whose manifest is lost may still be moved: there is just nothing to save. */
async function contentOf(repository: Repository, digest: Digest): Promise<ManifestContent> {
  try {
    return await repository.manifest(digest)
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return { mediaType: '', bytes: new Uint8Array() }
    throw error
  }
}

/** The message when the registry was lost midway. */
function interrupted(error: RegistryError, record: ChangeRecord): RegistryError {
  const what =
    'replacement' in record
      ? `Moving ${record.tag}`
      : `The deletion of ${'tags' in record ? record.digest : record.tag}`
  const message = `${error.message}. ${what} was interrupted, and it’s unknown how far it got. The manifest is kept: when the registry responds again, Lading finishes the change or leaves everything as it was`
  return new RegistryError(error.kind, message, error, { cause: error })
}
