/**
 * Where. Without a repository: somewhere in the registry for reads, everywhere in it for changes; without a registry
 * likewise.
 */
export interface Scope {
  readonly registry?: string
  readonly repository?: string
  /** For the record: rights are given on repositories. */
  readonly tag?: string
}
