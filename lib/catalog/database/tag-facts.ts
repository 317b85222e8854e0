interface Row {
  readonly name: string
  readonly digest: string
  readonly type: string
  readonly created: number
  readonly size: number
  readonly moved_at: number
}

/** What a row says of its tag: -1 is stored for what isn't known. */
export function tagFacts({ name, digest, type, created, size, moved_at }: Row) {
  return {
    tag: name,
    digest,
    type,
    ...(created >= 0 && { created }),
    ...(size >= 0 && { size }),
    ...(moved_at >= 0 && { movedAt: moved_at }),
  }
}

/** Each label once: the images of a tag have most in common. */
export function distinctLabels<Label extends { readonly key: string; readonly value: string }>(
  labels: readonly Label[],
): Label[] {
  if (labels.length < 2) return [...labels]
  return [...new Map(labels.map((label) => [`${label.key}\n${label.value}`, label])).values()]
}
