import type { Readable } from 'node:stream'
import { JobError } from './job-error.ts'

const MOST = 8

/** Limits how many downloads one person has at once, so that one person can't take all connections to a registry. */
export class DownloadSlots {
  readonly #most: number
  readonly #taken = new Map<string, number>()

  constructor(most = MOST) {
    this.#most = most
  }

  /** Opens a download, and holds one of the person's slots until its stream is closed. @throws JobError `downloads` */
  async hold<T extends { readonly stream: Readable }>(person: string, open: () => Promise<T>): Promise<T> {
    const taken = this.#taken.get(person) ?? 0
    if (taken >= this.#most)
      throw new JobError('downloads', `you already have ${taken} downloads running, which is the limit`)
    this.#taken.set(person, taken + 1)
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

  #release(person: string): void {
    const left = (this.#taken.get(person) ?? 1) - 1
    if (left > 0) this.#taken.set(person, left)
    else this.#taken.delete(person)
  }
}
