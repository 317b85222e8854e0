import { expect, it } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { endRun, openRun } from '../sync/sync-runs.ts'
import { catalogDatabase } from './catalog-database.ts'
import { registryCoverage } from './registry-coverage.ts'

describeEachDatabase('The age of a registry', (databases) => {
  it('is known also where nothing in it is visible', async () => {
    const store = await openStore(await databases.create())
    const { id } = await openRun(store, 'empty', 1_000)
    await endRun(store, id, { state: 'complete', at: 2_000, done: 0, total: 0, failed: 0, tags: 0, problems: 0 })
    const visibility = new Map([
      ['empty', ['team-a/**']],
      ['never', ['**']],
    ])
    expect(await registryCoverage(catalogDatabase(store), visibility)).toEqual(
      new Map([
        ['empty', { repositories: new Map(), syncedAt: 2_000 }],
        ['never', { repositories: new Map() }],
      ]),
    )
    await store.close()
  })
})
