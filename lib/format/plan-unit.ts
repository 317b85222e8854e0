/** What a plan counts: images where no tag changes. */
export function planUnit(work: 'delete' | 'retag' | 'label' | 'untagged'): 'tag' | 'image' {
  return work === 'delete' || work === 'retag' ? 'tag' : 'image'
}

/** How many of them there are. */
export function planCount(
  work: Parameters<typeof planUnit>[0],
  count: { readonly tags: number; readonly images: number },
): number {
  return planUnit(work) === 'tag' ? count.tags : count.images
}

/** Whether it deletes. */
export function deletes(work: Parameters<typeof planUnit>[0]): boolean {
  return work === 'delete' || work === 'untagged'
}
