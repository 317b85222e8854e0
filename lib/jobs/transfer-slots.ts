import type { Readable } from 'node:stream'
import { JobError } from './job-error.ts'

type Kind = 'downloads' | 'uploads'

const MOST: Readonly<Record<Kind, number>> = { downloads: 8, uploads: 4 }

/** Limits how many transfers one person has at once, so that one person can't take all connections to a registry. */
export class TransferSlots {
  readonly #kind: Kind
  readonly #most: number
  readonly #taken = new Map<string, number>()

  constructor(kind: Kind, most = MOST[kind]) {
    this.#kind = kind
    this.#most = most
  }

  /** Opens a download, and holds one of the person's slots until its stream is closed. @throws JobError of the kind */
  async hold<T extends { readonly stream: Readable }>(person: string, open: () => Promise<T>): Promise<T> {
    this.#take(person)
    try {
      const opened = await open()
      if (opened.stream.destroyed) this.#release(person)
      else opened.stream.once('close', () => this.#release(person))
      return opened
    } catch (error) {
      this.#release(person)
      throw error
    }
  }

  /** Does the work of an upload in one of the person's slots. @throws JobError of the kind */
  async during<T>(person: string, work: () => Promise<T>): Promise<T> {
    this.#take(person)
    try {
      return await work()
    } finally {
      this.#release(person)
    }
  }

  #take(person: string): void {
    const taken = this.#taken.get(person) ?? 0
    if (taken >= this.#most)
      throw new JobError(this.#kind, `you already have ${taken} ${this.#kind} running, which is the limit`)
    this.#taken.set(person, taken + 1)
  }

  #release(person: string): void {
    const left = (this.#taken.get(person) ?? 1) - 1
    if (left > 0) this.#taken.set(person, left)
    else this.#taken.delete(person)
  }
}
