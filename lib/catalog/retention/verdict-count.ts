import type { Decided } from './decide-tags.ts'
import { PLATFORM, PROTECTED } from './evaluate-tags.ts'
import type { CatalogTag } from './read-repository-tags.ts'

export interface RuleCount {
  readonly kept: number
  readonly only: number
}

/** Names of tags that aren't versions. */
const MOST_NAMES = 1_000

/** What a policy would do in all repositories together. */
export class VerdictCount {
  #repositories = 0
  #tags = 0
  #going = 0
  #imagesGoing = 0
  #imagesStaying = 0
  #frees = 0
  #unknown = 0
  #one = 0
  #several = 0
  readonly #kept: number[]
  readonly #only: number[]
  #protectedKept = 0
  #protectedOnly = 0
  #asPlatforms = 0
  #unversioned = 0
  readonly #names = new Set<string>()

  constructor(rules: number) {
    this.#kept = Array.from({ length: rules }, () => 0)
    this.#only = Array.from({ length: rules }, () => 0)
  }

  /** @param all the tags of the repository, of which the policy may be about some: an image stays with any of the others */
  add({ tags, verdicts: { kept, unknown } }: Decided, all: readonly CatalogTag[]): void {
    this.#repositories++
    this.#tags += tags.length
    const stays = new Set<number>()
    if (all.length > tags.length) {
      const about = new Set(tags)
      for (const tag of all) if (tag.manifest !== undefined && !about.has(tag)) stays.add(tag.manifest)
    }
    const goes = new Map<number, number>()
    for (const [at, tag] of tags.entries()) {
      const bits = kept[at] as number
      if (bits === 0) {
        this.#going++
        if (tag.version === undefined) this.#noteUnversioned(tag.name)
        if (tag.manifest !== undefined) goes.set(tag.manifest, tag.size ?? 0)
        continue
      }
      if (tag.manifest !== undefined) stays.add(tag.manifest)
      if (bits === unknown[at]) this.#unknown++
      if (bits === PLATFORM) this.#asPlatforms++
      this.#note(bits)
    }
    for (const [manifest, size] of goes)
      if (stays.has(manifest)) this.#imagesStaying++
      else {
        this.#imagesGoing++
        this.#frees += size
      }
  }

  #note(bits: number): void {
    // A power of two: one bit alone.
    const isOnly = (bits & (bits - 1)) === 0
    if (isOnly) this.#one++
    else this.#several++
    for (let rule = 0; rule < this.#kept.length; rule++)
      if ((bits & (1 << rule)) !== 0) {
        this.#kept[rule] = (this.#kept[rule] as number) + 1
        if (isOnly) this.#only[rule] = (this.#only[rule] as number) + 1
      }
    if ((bits & PROTECTED) !== 0) {
      this.#protectedKept++
      if (isOnly) this.#protectedOnly++
    }
  }

  #noteUnversioned(name: string): void {
    this.#unversioned++
    if (this.#names.size < MOST_NAMES) this.#names.add(name)
  }

  get protected(): RuleCount {
    return { kept: this.#protectedKept, only: this.#protectedOnly }
  }

  get result() {
    return {
      repositories: this.#repositories,
      tags: this.#tags,
      going: this.#going,
      imagesGoing: this.#imagesGoing,
      imagesStaying: this.#imagesStaying,
      freesAtMost: this.#frees,
      rules: this.#kept.map((kept, at) => ({ kept, only: this.#only[at] as number })),
      unknown: this.#unknown,
      asPlatforms: this.#asPlatforms,
      unversioned: { going: this.#unversioned, names: [...this.#names] },
      keptByOne: this.#one,
      keptBySeveral: this.#several,
    }
  }
}
