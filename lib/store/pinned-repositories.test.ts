import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../oci/reference.ts'
import { openStore } from './open-store.ts'
import { pinnedRepositories, setPinned } from './pinned-repositories.ts'
import type { Store } from './store.ts'
import { describeEachDatabase } from './testing/each-database.ts'

describeEachDatabase('pinned repositories', (databases) => {
  let store: Store
  const pin = (owner: string, name: string, pinned: boolean, at: number) =>
    setPinned(store, owner, { registry: 'hub', repository: parseRepositoryName(name), pinned }, at)
  beforeAll(async () => {
    store = await openStore(await databases.create())
  })
  afterAll(() => store?.close())

  it('belong to one person, in the order of pinning, once each', async () => {
    await pin('user:ada', 'team/web', true, 1)
    await pin('user:ada', 'team/api', true, 2)
    await pin('user:ada', 'team/web', true, 3)
    await pin('user:bo', 'other', true, 1)
    const names = async (owner: string) => (await pinnedRepositories(store, owner)).map(({ repository }) => repository)
    expect(await names('user:ada')).toEqual(['team/web', 'team/api'])
    await pin('user:ada', 'team/web', false, 4)
    await pin('user:bo', 'team/api', false, 4)
    expect(await names('user:ada')).toEqual(['team/api'])
    expect(await names('user:bo')).toEqual(['other'])
  })
})
