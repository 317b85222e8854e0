import { afterAll, beforeAll, describe } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { blobsContract } from './blobs.ts'
import type { Candidate, ContractSetup } from './candidate.ts'
import { deletingContract } from './deleting.ts'
import { listingContract } from './listing.ts'
import { manifestsContract } from './manifests.ts'
import { namesContract } from './names.ts'
import { referrersContract } from './referrers.ts'

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
