/** A registry's repositories as the client holds them. */
export interface RegistryNames {
  readonly registry: string
  readonly names: readonly string[]
}

export interface NameMatch {
  readonly registry: string
  readonly path: string
}

/**
 * The names that, with their registry's, hold every word of `term`, those first whose last segment begins with its first word.
 * A word may be the whole name after its registry's, `hub/team/app`.
 * @param limit stop when there are so many: what is on screen needs no more
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
  for (const { registry, names } of registries)
    for (const path of names) {
      if (!words.every((word) => path.includes(word) || registry.includes(word) || isInFull(registry, path, word)))
        continue
      const isBest = path.startsWith(first, path.lastIndexOf('/') + 1)
      const list = isBest ? best : others
      if (list.length < limit) list.push({ registry, path })
    }
  return [...best, ...others].slice(0, limit)
}

/** `hub/team/app`, as it is written where several registries are meant. */
function isInFull(registry: string, path: string, word: string): boolean {
  return word.startsWith(`${registry}/`) && path.startsWith(word.slice(registry.length + 1))
}
