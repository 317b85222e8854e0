const NAMES = 'latest stable current lts main master trunk next beta canary edge nightly develop dev'.split(' ')
const NAMED = new RegExp(`^(?:${NAMES.join('|')})$`, 'i')
const SHORT_VERSION = /^v?\d+(?:\.\d+)?$/

/**
 * Whether people move a tag from image to image, judged by its name: `latest` and the like, and `1` or `1.4` beside
 * `1.4.2`.
 * @param others tags on the same image
 */
export function isMovingTag(tag: string, others: readonly string[]): boolean {
  return NAMED.test(tag) || (SHORT_VERSION.test(tag) && others.some((other) => prefixesOf(other).includes(tag)))
}

/** Tags of one image as they are shown: `latest`, `1`, `1.4`, then those that stay where they are. */
export function movingFirst(tags: readonly string[]): { readonly tag: string; readonly isMoving: boolean }[] {
  const rank = (tag: string) =>
    NAMED.test(tag)
      ? NAMES.indexOf(tag.toLowerCase()) - NAMES.length
      : isMovingTag(tag, tags)
        ? tag.length
        : Number.POSITIVE_INFINITY
  return tags
    .map((tag) => ({ tag, isMoving: isMovingTag(tag, tags), rank: rank(tag) }))
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ tag, isMoving }) => ({ tag, isMoving }))
}

/** Short versions that stand before the others: the newest. */
const SHORT_VERSIONS = 4

/**
 * The moving tags of a repository as people look for them: `latest`, `stable`, `main`, then the highest short versions,
 * each before the shorter ones of the next: `4`, `4.12`, `4.11`.
 * @param tags all of them, for whether `4.12` has a `4.12.1` beside it
 */
export function movingTags<T extends string>(tags: readonly T[]): readonly T[] {
  const named = NAMES.flatMap((name) => tags.filter((tag) => tag.toLowerCase() === name))
  const prefixes = new Set(tags.flatMap(prefixesOf))
  const short = tags.filter((tag) => SHORT_VERSION.test(tag) && prefixes.has(tag)).sort(byVersion)
  return [...named, ...short.slice(0, SHORT_VERSIONS)]
}

/** `1` and `1.4` of `1.4.2`. */
function prefixesOf(tag: string): readonly string[] {
  const [, major, minor] = /^(v?\d+)\.(\d+)/.exec(tag) ?? []
  if (!major) return []
  return tag.startsWith(`${major}.${minor}.`) ? [major, `${major}.${minor}`] : [major]
}

/** Highest first, a major before its minors. */
function byVersion(a: string, b: string): number {
  const [majorA = 0, minorA = Number.POSITIVE_INFINITY] = numbersOf(a)
  const [majorB = 0, minorB = Number.POSITIVE_INFINITY] = numbersOf(b)
  if (majorA !== majorB) return majorB - majorA
  return minorA === minorB ? 0 : minorB - minorA
}

function numbersOf(tag: string): number[] {
  return tag.replace(/^v/, '').split('.').map(Number)
}
