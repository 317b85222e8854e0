/** One capability, and the evidence for it. */
export interface Capability {
  readonly state: 'yes' | 'no' | 'unknown'
  /** For people: `GET /v2/_catalog answered 200`. */
  readonly evidence: string
}

export interface Capabilities {
  /** Lists its repositories. */
  readonly catalog: Capability
  /** Product and version as far as the registry gives itself away: `zot 2.1`, `distribution`. Absent when unknown. */
  readonly product?: string
}

/** How deleting works in a repository. Probed with random names, so that nothing existing is touched. */
export interface DeleteCapabilities {
  /** DELETE of a manifest by digest. */
  readonly manifest: Capability
  /** DELETE of a tag alone. */
  readonly tag: Capability
  /** DELETE of blobs that nothing needs: `yes` only where every manifest can be known, also those without a tag. */
  readonly blobs: Capability
  /** The strategy of `deleteTag`, known before it's used. */
  readonly tagStrategy: 'direct' | 'replace' | 'none'
  /** What to do when the answer is `none`: `Set REGISTRY_STORAGE_DELETE_ENABLED=true …`. */
  readonly advice?: string
}
