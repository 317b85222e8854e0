/** The manifest that a page is about, as its address names it. */
export interface ManifestPlace {
  readonly registry: string
  readonly repository: string
  /** A tag or a digest. */
  readonly selector: string
}
