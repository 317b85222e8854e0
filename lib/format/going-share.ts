/** Tags that a retention policy is about, and those of them that would go. */
interface Going {
  readonly tags: number
  readonly going: number
}

/** In percent. */
export function goingShare({ tags, going }: Going): number {
  return tags === 0 ? 0 : (going * 100) / tags
}

/** Whether a run stops instead of deleting them. @param mostShare percent; of 100 tags, 7% are 7 */
export function isOverLimit({ tags, going }: Going, mostShare: number): boolean {
  return going * 100 > mostShare * tags
}
