import type { Tag } from '../../oci/reference.ts'

/** Tags compared: a list of a million isn't searched for a typing mistake. */
const MOST = 20_000
const SHOWN = 5

/** Tags that are spelled almost like one that doesn't exist, closest first. */
export function nearTags(wanted: string, tags: readonly Tag[]): Tag[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return tags
    .slice(0, MOST)
    .filter((tag) => Math.abs(tag.length - wanted.length) <= limit + 1)
    .map((tag) => ({ tag, distance: distanceOf(wanted.toLowerCase(), tag.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.tag < b.tag ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ tag }) => tag)
}

/** Levenshtein's: insertions, deletions and replacements. Both are at most 128 characters. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
