import type { Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'
import type { Catalog } from '../catalog.ts'
import { Interest } from './interest.ts'
import { placeOf } from './place-of.ts'
import type { TagReader } from './tag-reader.ts'
import { within } from './within.ts'

/** Tags that are looked up in the catalog at a time. */
const BATCH = 256
/** Failures in a row after which the registry counts as down. */
const GIVE_UP_AFTER = 32

/** Reads every listed tag that there is no record of, for as long as somebody waits for it. */
export class Resolution {
  /** Resolves at the end, also when it was given up; rejects when tags are left that the registry did not answer for. */
  readonly end: Promise<void>
  readonly #stop = new AbortController()
  readonly #interest: Interest

  constructor(catalog: Catalog, reader: TagReader, repository: Repository, grace?: number) {
    this.#interest = new Interest(() => this.stop(), grace)
    this.end = this.#resolve(catalog, reader, repository).finally(() => this.#interest.end())
    this.end.catch(() => undefined)
  }

  hold(): () => void {
    return this.#interest.hold()
  }

  /** Whether it ends in time. @throws what it failed with */
  isOverIn(milliseconds: number): Promise<boolean> {
    return within(milliseconds, this.end)
  }

  stop(): void {
    this.#stop.abort()
  }

  async #resolve(catalog: Catalog, reader: TagReader, repository: Repository): Promise<void> {
    const { signal } = this.#stop
    const place = placeOf(repository)
    const { recordLimit = Number.POSITIVE_INFINITY } = catalog
    let room = recordLimit - ((await catalog.tagCounts(place))?.value.known ?? 0)
    let failure: unknown
    let inARow = 0
    for (let after: Tag | undefined; room > 0 && !signal.aborted; ) {
      const tags = await catalog.unknownTags(place, after, Math.min(BATCH, room))
      if (tags.length === 0) break
      await mapConcurrent(tags, async (tag) => {
        if (signal.aborted) return
        try {
          await reader.read(repository, tag, { signal })
          inARow = 0
        } catch (error) {
          if (signal.aborted) return
          failure = error
          if (++inARow >= GIVE_UP_AFTER) throw error
        }
      })
      room -= tags.length
      after = tags.at(-1)
    }
    if (failure !== undefined && !signal.aborted) throw failure
  }
}
