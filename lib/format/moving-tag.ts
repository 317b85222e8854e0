const NAMED = /^(?:latest|stable|edge|main|master|trunk|dev|develop|nightly|next|canary|beta|current|lts)$/i
const SHORT_VERSION = /^v?\d+(?:\.\d+)?$/

/**
 * Whether people move a tag from image to image, judged by its name: `latest` and the like, and `1` or `1.4` beside
 * `1.4.2`.
 * @param others tags on the same image
 */
export function isMovingTag(tag: string, others: readonly string[]): boolean {
  return NAMED.test(tag) || (SHORT_VERSION.test(tag) && others.some((other) => other.startsWith(`${tag}.`)))
}

/** Tags of one image as they are shown: `latest`, `1`, `1.4`, then those that stay where they are. */
export function movingFirst(tags: readonly string[]): { readonly tag: string; readonly isMoving: boolean }[] {
  const rank = (tag: string) => (NAMED.test(tag) ? 0 : isMovingTag(tag, tags) ? tag.length : Number.POSITIVE_INFINITY)
  return tags
    .map((tag) => ({ tag, isMoving: isMovingTag(tag, tags), rank: rank(tag) }))
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ tag, isMoving }) => ({ tag, isMoving }))
}
