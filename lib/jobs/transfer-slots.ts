import type { Readable } from 'node:stream'
import { JobError } from './job-error.ts'

type Kind = 'downloads' | 'uploads' | 'streams'

/** Every open page has a stream, and people behind one address who haven't signed in count as one. */
const MOST: Readonly<Record<Kind, number>> = { downloads: 8, uploads: 4, streams: 500 }
const WORDS: Readonly<Record<Kind, string>> = {
  downloads: 'downloads running',
  uploads: 'uploads running',
  streams: 'pages open',
}

/** Limits how many downloads, uploads or event streams one person has, so that one person can't take all connections. */
export class TransferSlots {
  readonly #kind: Kind
  readonly #most: number
  readonly #taken = new Map<string, number>()

  constructor(kind: Kind, most = MOST[kind]) {
    this.#kind = kind
    this.#most = most
  }

  /** Takes one of the person's slots. @returns a function that frees it. @throws JobError of the kind */
  take(person: string): () => void {
    const taken = this.#taken.get(person) ?? 0
    if (taken >= this.#most)
      throw new JobError(this.#kind, `you already have ${taken} ${WORDS[this.#kind]}, which is the limit`)
    this.#taken.set(person, taken + 1)
    return () => {
      const left = (this.#taken.get(person) ?? 1) - 1
      if (left > 0) this.#taken.set(person, left)
      else this.#taken.delete(person)
    }
  }

  /** Opens a download, and holds one of the person's slots until its stream is closed. @throws JobError of the kind */
  async hold<T extends { readonly stream: Readable }>(person: string, open: () => Promise<T>): Promise<T> {
    const release = this.take(person)
    try {
      const opened = await open()
      if (opened.stream.destroyed) release()
      else opened.stream.once('close', release)
      return opened
    } catch (error) {
      release()
      throw error
    }
  }

  /** Does the work of an upload in one of the person's slots. @throws JobError of the kind */
  async during<T>(person: string, work: () => Promise<T>): Promise<T> {
    const release = this.take(person)
    try {
      return await work()
    } finally {
      release()
    }
  }
}
