import { afterEach, beforeEach, describe } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { SettableClock } from '../testing/settable-clock.ts'
import { agesContract } from './ages.ts'
import type { CatalogCandidate, CatalogSetup } from './catalog-candidate.ts'
import { imagesContract } from './images.ts'
import { listsContract } from './lists.ts'
import { pagesContract } from './pages.ts'
import { recordsContract } from './records.ts'

/** The contract suite: everything that `catalog.ts` promises, asked of one implementation. */
export function describeCatalog(name: string, setup: (clock: SettableClock) => Promise<CatalogSetup>): void {
  describe(`${name} keeps the catalog contract`, () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
    const other = { registry: 'hub', repository: parseRepositoryName('team/app/base') }
    let clock: SettableClock
    let made: CatalogSetup

    beforeEach(async () => {
      clock = new SettableClock()
      made = await setup(clock)
    })
    afterEach(() => made.close())
    const candidate = (): CatalogCandidate => ({ catalog: made.catalog, clock, place, other })

    describe('lists', () => listsContract(candidate))
    describe('records of tags', () => recordsContract(candidate))
    describe('pages of tags', () => pagesContract(candidate))
    describe('pages of images', () => imagesContract(candidate))
    describe('ages', () => agesContract(candidate))
  })
}
