const NAMED = 12

/** `a, b and c`; of many, the first and how many more. */
export function listedTags(tags: readonly string[]): string {
  if (tags.length > NAMED) return `${tags.slice(0, NAMED).join(', ')} and ${tags.length - NAMED} more tags`
  const last = tags.at(-1) ?? ''
  return tags.length < 2 ? last : `${tags.slice(0, -1).join(', ')} and ${last}`
}
