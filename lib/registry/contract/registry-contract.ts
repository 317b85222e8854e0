import { afterAll, beforeAll, describe } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Registry, Repository } from '../registry.ts'
import { blobsContract } from './blobs.ts'
import { deletingContract } from './deleting.ts'
import { listingContract } from './listing.ts'
import { manifestsContract } from './manifests.ts'
import { namesContract } from './names.ts'
import { referrersContract } from './referrers.ts'

/** Where registries differ lawfully. Everything else is asked of all of them. */
export interface ContractFeatures {
  /** `off`: the registry refuses every deletion. Default `on`. */
  readonly deletes?: 'on' | 'off'
  /** What `deletes().tagStrategy` must be. Default: whatever the registry says. */
  readonly tagStrategy?: 'direct' | 'replace'
  /** Stores the removed OCI artifact manifest. Default false. */
  readonly ociArtifact?: boolean
  /** Stores documents of types nobody knows. Default false. */
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

/** The contract suite: everything that `registry.ts` promises, asked of one implementation. */
export function describeRegistry(name: string, setup: () => Promise<ContractSetup>): void {
  describe(`${name} keeps the registry contract`, () => {
    let made: ContractSetup | undefined
    const run = Math.random().toString(36).slice(2, 8)
    let used = 0

    const candidate = (): Candidate => {
      if (!made) throw new Error('the registry is not set up yet')
      const { registry, features = {} } = made
      const fresh = () => {
        used += 1
        return registry.repository(parseRepositoryName(`contract/${run}/r${used}`))
      }
      return { registry, features, fresh }
    }

    beforeAll(async () => {
      made = await setup()
    })
    afterAll(() => made?.close())

    describe('listing', () => listingContract(candidate))
    describe('manifests', () => manifestsContract(candidate))
    describe('blobs', () => blobsContract(candidate))
    describe('referrers', () => referrersContract(candidate))
    describe('deleting', () => deletingContract(candidate))
    describe('names', () => namesContract(candidate))
  })
}
