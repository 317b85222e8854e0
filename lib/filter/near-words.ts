/** At most `limit` of the words probably meant by `typed`, most likely first. */
export function nearWords(typed: string, words: Iterable<string>, limit = 3): string[] {
  const text = typed.toLowerCase()
  const most = Math.max(1, Math.floor(text.length / 4))
  const ranked: { word: string; distance: number }[] = []
  for (const word of words) {
    const other = word.toLowerCase()
    // The end of a dotted key, as in `licenses` for `org.opencontainers.image.licenses`.
    const lastPart = other.slice(other.lastIndexOf('.') + 1)
    const distance = Math.min(editDistance(text, other, most), editDistance(text, lastPart, most) + 0.5)
    if (distance <= most) ranked.push({ word, distance })
    else if (text.length >= 3 && other.includes(text)) ranked.push({ word, distance: most + 1 })
  }
  return ranked
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1))
    .slice(0, limit)
    .map(({ word }) => word)
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; more than `most` is `Infinity`. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      current.push(best)
    }
    if (Math.min(...current) > most) return Number.POSITIVE_INFINITY
    before = previous
    previous = current
  }
  return previous[b.length] ?? Number.POSITIVE_INFINITY
}
