/** A registry's repositories, as known to the client. */
export interface RegistryNames {
  readonly registry: string
  readonly names: readonly string[]
}

export interface NameMatch {
  readonly registry: string
  readonly path: string
}

/**
 * The names that, with their registry's, contain every word of `term`: first those whose last segment begins with its
 * first word, last those that only have its letters. A word may be the whole name after its registry's, `hub/team/app`.
 * @param limit stop at this many: no more fit on the screen
 */
export function matchNames(
  registries: readonly RegistryNames[],
  term: string,
  limit = Number.POSITIVE_INFINITY,
): NameMatch[] {
  const words = term.toLowerCase().split(/\s+/).filter(Boolean)
  const first = words[0] ?? ''
  const best: NameMatch[] = []
  const others: NameMatch[] = []
  const loose: NameMatch[] = []
  for (const { registry, names } of registries)
    for (const path of names) {
      if (!words.every((word) => path.includes(word) || registry.includes(word) || isInFull(registry, path, word))) {
        if (loose.length < LOOSE && words.length === 1 && first.length >= 4 && hasLetters(path, first))
          loose.push({ registry, path })
        continue
      }
      const isBest = path.startsWith(first, path.lastIndexOf('/') + 1)
      const list = isBest ? best : others
      if (list.length < limit) list.push({ registry, path })
    }
  return [...best, ...others, ...loose].slice(0, limit)
}

/** Those in the page's registry before those of others, otherwise in their order. */
export function currentFirst<T extends { readonly registry: string }>(
  matches: readonly T[],
  registry: string | undefined,
): readonly T[] {
  return [
    ...matches.filter((match) => match.registry === registry),
    ...matches.filter((match) => match.registry !== registry),
  ]
}

/** Hits by letters alone: more would be noise. */
const LOOSE = 20

/** `tabilapi` for `team-a/billing-api`: the letters in order, those that begin a part or follow the one before. */
function hasLetters(path: string, letters: string): boolean {
  let at = -1
  for (const letter of letters) {
    const next = path[at + 1] === letter ? at + 1 : startAfter(path, letter, at)
    if (next < 0) return false
    at = next
  }
  return true
}

/** Where a part of the path begins with the letter. */
function startAfter(path: string, letter: string, at: number): number {
  for (let index = at + 1; index < path.length; index++)
    if (path[index] === letter && (index === 0 || /[/._-]/.test(path[index - 1] ?? ''))) return index
  return -1
}

/** `hub/team/app`, as it is written where several registries are meant. */
function isInFull(registry: string, path: string, word: string): boolean {
  return word.startsWith(`${registry}/`) && path.startsWith(word.slice(registry.length + 1))
}
