import type { Actor } from '../../access/actor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { isOutage, isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { DeletionEntry, DeletionJournal, ManifestContent, Repository } from '../../registry/registry.ts'
import type { ChangeRecord } from '../../store/file-journal.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { changeJournal } from './change-journal.ts'
import { settleLater } from './settle.ts'

interface Kept {
  readonly id: string
  readonly record: ChangeRecord
  /** Absent while nobody knows. */
  outcome?: string
  /** What a tag that moved points at since. */
  replacement?: Digest
}

/** What a change has kept, and what became of it. */
export interface TakenAway {
  readonly registry: string
  readonly repository: string
  readonly tags: readonly Tag[]
  readonly digest: Digest
  /** Absent while nobody knows. */
  readonly outcome?: string
  /** Whether it is gone from where it was. */
  readonly wasTaken: boolean
  readonly replacement?: Digest
}

/** After these something is gone that can be put back. */
export const TAKEN_AWAY: readonly string[] = ['deleted', 'replaced-then-deleted', 'overwritten']

/** What one change takes away: on disk before the first write, so that it can be put back, and found after a crash. */
export class Safekeeping implements DeletionJournal {
  #actor: Actor
  #kept: Kept[] = []

  constructor(actor: Actor) {
    this.#actor = actor
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
   * @returns to be told what the tag points at since
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

  /** Names the last thing that was taken away and can be put back. */
  get undo(): string | undefined {
    // Of a tag whose manifest was lost there is nothing to put back.
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

  /** The work has ended well, and with it whatever was kept and not ended yet. */
  async finish(): Promise<void> {
    for (const kept of this.#open()) await this.#close(kept, 'deleted')
  }

  /**
   * The work has failed. Where nobody can say how far it came, the records stay open, to be compared with the registry
   * later.
   * @returns what the caller has to throw
   */
  async fail(error: unknown): Promise<unknown> {
    const open = this.#open()
    if (isRefusal(error)) {
      for (const kept of open) await this.#close(kept, 'failed')
      return error
    }
    // If no job can be queued, the next start settles what is still open.
    for (const { id, record } of open) await settleLater(id, record, ownerOf(this.#actor)).catch(console.error)
    const [first] = open
    return first && isOutage(error) ? interrupted(error, first.record) : error
  }

  async #add(record: ChangeRecord) {
    const entry = await changeJournal().begin(record)
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

/** Whether the registry answered, and its answer means that nothing was changed. */
function isRefusal(error: unknown): boolean {
  return isRegistryError(error) && !isOutage(error) && !isRegistryError(error, 'digest-mismatch', 'malformed')
}

function placeOf({ registry, name }: Repository) {
  return { registry: registry.name, repository: name }
}

/** A tag whose manifest is lost may still be moved: there is just nothing to keep. */
async function contentOf(repository: Repository, digest: Digest): Promise<ManifestContent> {
  try {
    return await repository.manifest(digest)
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return { mediaType: '', bytes: new Uint8Array() }
    throw error
  }
}

/** What a person must know when the registry was lost midway. */
function interrupted(error: RegistryError, record: ChangeRecord): RegistryError {
  const what =
    'replacement' in record
      ? `Moving ${record.tag}`
      : `The deletion of ${'tags' in record ? record.digest : record.tag}`
  const message = `${error.message}. ${what} was interrupted, and how far it got is unknown until the registry responds again. The manifest is kept: Lading will then finish the change or leave everything as it was`
  return new RegistryError(error.kind, message, error, { cause: error })
}
