/** Kinds of tags that people filter by, recognized by name: each as a filter that finds them. */
const KINDS = [
  { name: 'Releases', pattern: /^v?\d+(\.\d+)+$/ },
  { name: 'Pre-releases', pattern: /^v?\d+(\.\d+)*[-.]?(alpha|beta|dev|pre|rc|snapshot)/ },
  { name: 'Pull requests', pattern: /^(mr|pr|pull)-?\d/ },
] as const

export interface TagKind {
  readonly name: string
  /** As it would be typed above the tags. */
  readonly q: string
  readonly count: number
}

/** How many tags are of each kind. Kinds without any are left out, and so is one that all tags belong to. */
export function tagKinds(tags: readonly string[]): readonly TagKind[] {
  return KINDS.flatMap(({ name, pattern }) => {
    const isOfKind = new RegExp(pattern.source, 'i')
    const count = tags.filter((tag) => isOfKind.test(tag)).length
    return count === 0 || count === tags.length ? [] : { name, q: `/${pattern.source}/`, count }
  })
}
