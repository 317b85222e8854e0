const PRE_RELEASE = /^v?\d+(\.\d+)*[-.]?(alpha|beta|dev|pre|rc|snapshot)/

/** Kinds of tags that people filter by, recognized by name: each as a filter that finds them. */
const KINDS = [
  { name: 'Releases', pattern: /^v?\d+(\.\d+)+$/ },
  { name: 'Pre-releases', pattern: PRE_RELEASE },
  { name: 'Pull requests', pattern: /^(mr|pr|pull)-?\d/ },
] as const

export interface TagKind {
  readonly name: string
  /** As it would be typed above the tags. */
  readonly q: string
  readonly count: number
}

/** Whether a tag's name is that of a version before its release: `2.0.0-rc.1`. */
export function isPreRelease(tag: string): boolean {
  return PRE_RELEASE.test(tag.toLowerCase())
}

/** How many tags are of each kind. Kinds without any are left out, and so is one that all tags belong to. */
export function tagKinds(tags: readonly string[]): readonly TagKind[] {
  return KINDS.flatMap(({ name, pattern }) => {
    const isOfKind = new RegExp(pattern.source, 'i')
    const count = tags.filter((tag) => isOfKind.test(tag)).length
    return count === 0 || count === tags.length ? [] : { name, q: `/${pattern.source}/`, count }
  })
}
