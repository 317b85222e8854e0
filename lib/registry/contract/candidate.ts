import type { Registry, Repository } from '../registry.ts'

/** Where registries differ lawfully. Everything else is asked of all of them. */
export interface ContractFeatures {
  /** `off`: the registry refuses every deletion. Default `on`. */
  readonly deletes?: 'on' | 'off'
  /** What `deletes().tagStrategy` must be. Default: whatever the registry says. */
  readonly tagStrategy?: 'direct' | 'replace'
  /** Stores the removed OCI artifact manifest. Default false. */
  readonly ociArtifact?: boolean
  /** Stores documents of unknown types. Default false. */
  readonly unknownManifests?: boolean
  /** Addresses blobs and manifests by sha512 too. Default false. */
  readonly sha512?: boolean
  /** Deletes single blobs. Default true. */
  readonly deleteBlob?: boolean
  /** Mounts from a sibling repository. Default true. */
  readonly mount?: boolean
  /** Answers ranges without an end. Default true. */
  readonly openRanges?: boolean
}

export interface ContractSetup {
  readonly registry: Registry
  readonly features?: ContractFeatures
  close(): Promise<void>
}

/** What a contract's tests work on. */
export interface Candidate {
  readonly registry: Registry
  readonly features: ContractFeatures
  /** A repository that no other test uses, not there yet. */
  fresh(): Repository
}
