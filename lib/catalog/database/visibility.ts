/**
 * A user's visibility: globs over repository names by registry, as `readableGlobs` gives them. A registry that is
 * absent doesn't exist for them. Nothing outside of this is in any result, count, facet or completion.
 */
export type Visibility = ReadonlyMap<string, readonly string[]>
