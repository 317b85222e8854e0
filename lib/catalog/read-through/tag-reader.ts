import { summarizeTag } from '../../image/inspect/summary.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { Catalog, TagRecord } from '../catalog.ts'
import { type Clock, systemClock } from '../clock.ts'
import { rowSummary } from '../row-summary.ts'
import { placeOf } from './place-of.ts'

export type OnRead = (reading: { readonly repository: Repository; readonly tag: Tag; readonly digest: Digest }) => void

/** Reads what tags point at from registries into the catalog; one question about a tag at a time, shared. */
export class TagReader {
  readonly #catalog: Catalog
  readonly #onRead: OnRead
  readonly #clock: Clock
  /** By place, then by tag. Requests from before a change are in a discarded map, and aren't recorded. */
  readonly #asked = new Map<string, Map<Tag, Promise<TagRecord>>>()

  constructor(catalog: Catalog, onRead: OnRead = () => {}, clock: Clock = systemClock) {
    this.#catalog = catalog
    this.#clock = clock
    this.#onRead = onRead
  }

  /**
   * What a tag points at, according to the registry. A tag that can't be read gets a record too; an outage doesn't.
   * @param known its previous target: a HEAD shows whether it's unchanged
   * @throws RegistryError for an outage or a refusal
   */
  async read(repository: Repository, tag: Tag, options: CallOptions = {}, known?: TagRecord): Promise<TagRecord> {
    const place = placeOf(repository)
    const key = keyOf(place)
    const asked = this.#asked.get(key) ?? new Map<Tag, Promise<TagRecord>>()
    this.#asked.set(key, asked)
    const running = asked.get(tag)
    // The first to ask may have left, and its question with it.
    if (running)
      return running.catch((error) =>
        wasAborted(error, options) ? this.read(repository, tag, options, known) : throwAgain(error),
      )
    const isCurrent = () => this.#asked.get(key) === asked
    const answer = this.#ask(repository, tag, options, isCurrent, known).finally(() => {
      asked.delete(tag)
      if (asked.size === 0 && isCurrent()) this.#asked.delete(key)
    })
    asked.set(tag, answer)
    return answer
  }

  isAsked(repository: Repository, tag: Tag): boolean {
    return this.#asked.get(keyOf(placeOf(repository)))?.has(tag) ?? false
  }

  forget(place: Place): void {
    this.#asked.delete(keyOf(place))
  }

  async #ask(
    repository: Repository,
    tag: Tag,
    options: CallOptions,
    isCurrent: () => boolean,
    known: TagRecord | undefined,
  ): Promise<TagRecord> {
    const askedAt = this.#clock.now()
    const record =
      (known?.ok && (await lookAgain(repository, tag, known, options))) || (await readRecord(repository, tag, options))
    if (isCurrent()) {
      const place = placeOf(repository)
      if (record === known && record.ok) await this.#catalog.confirmTag(place, tag, record.summary.digest, askedAt)
      else await this.#catalog.recordTag(place, tag, record, askedAt)
      if (record.ok) this.#onRead({ repository, tag, digest: record.summary.digest })
    }
    return record
  }
}

/**
 * What is known already where a HEAD shows that it's unchanged, or that the tag is gone. What couldn't be read whole before
 * is asked for again. Other failures prove nothing, except that there is an outage.
 */
async function lookAgain(
  repository: Repository,
  tag: Tag,
  known: TagRecord & { readonly ok: true },
  options: CallOptions,
): Promise<TagRecord | undefined> {
  if (known.summary.problem) return undefined
  try {
    const { digest } = await repository.resolve(tag, options)
    return digest === known.summary.digest ? known : undefined
  } catch (error) {
    options.signal?.throwIfAborted()
    if (isOutage(error)) throw error
    return isRegistryError(error, 'not-found') ? { ok: false, error } : undefined
  }
}

async function readRecord(repository: Repository, tag: Tag, options: CallOptions): Promise<TagRecord> {
  try {
    return { ok: true, summary: rowSummary(await summarizeTag(repository, tag, options)) }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!(error instanceof Error) || isOutage(error) || isRegistryError(error, 'tls', 'unauthorized', 'denied'))
      throw error
    return { ok: false, error }
  }
}

function wasAborted(error: unknown, { signal }: CallOptions): boolean {
  return error instanceof Error && error.name === 'AbortError' && !signal?.aborted
}

function throwAgain(error: unknown): never {
  throw error
}

const keyOf = ({ registry, repository }: Place) => `${registry}/${repository}`
