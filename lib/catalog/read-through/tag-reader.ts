import { summarizeTag } from '../../image/inspect/summary.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { Catalog, TagRecord } from '../catalog.ts'
import { placeOf } from './place-of.ts'

export type OnRead = (reading: { readonly repository: Repository; readonly tag: Tag; readonly digest: Digest }) => void

/** Reads what tags point at from registries into the catalog; one question about a tag at a time, shared. */
export class TagReader {
  readonly #catalog: Catalog
  readonly #onRead: OnRead
  /** By place, then by tag. What was asked before a change is in a map that is no longer here: it is not recorded. */
  readonly #asked = new Map<string, Map<Tag, Promise<TagRecord>>>()

  constructor(catalog: Catalog, onRead: OnRead = () => {}) {
    this.#catalog = catalog
    this.#onRead = onRead
  }

  /**
   * What a tag points at, asked of the registry. A tag that can't be read has a record too; an outage says nothing of it.
   * @throws RegistryError for an outage or a refusal
   */
  async read(repository: Repository, tag: Tag, options: CallOptions = {}): Promise<TagRecord> {
    const place = placeOf(repository)
    const key = keyOf(place)
    const asked = this.#asked.get(key) ?? new Map<Tag, Promise<TagRecord>>()
    this.#asked.set(key, asked)
    const known = asked.get(tag)
    // Who asked first may have left, and taken the question along.
    if (known)
      return known.catch((error) =>
        wasAborted(error, options) ? this.read(repository, tag, options) : throwAgain(error),
      )
    const isCurrent = () => this.#asked.get(key) === asked
    const answer = this.#ask(repository, tag, options, isCurrent).finally(() => {
      asked.delete(tag)
      if (asked.size === 0 && isCurrent()) this.#asked.delete(key)
    })
    asked.set(tag, answer)
    return answer
  }

  forget(place: Place): void {
    this.#asked.delete(keyOf(place))
  }

  async #ask(repository: Repository, tag: Tag, options: CallOptions, isCurrent: () => boolean): Promise<TagRecord> {
    const record = await readRecord(repository, tag, options)
    if (isCurrent()) {
      await this.#catalog.recordTag(placeOf(repository), tag, record)
      if (record.ok) this.#onRead({ repository, tag, digest: record.summary.digest })
    }
    return record
  }
}

async function readRecord(repository: Repository, tag: Tag, options: CallOptions): Promise<TagRecord> {
  try {
    return { ok: true, summary: await summarizeTag(repository, tag, options) }
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
