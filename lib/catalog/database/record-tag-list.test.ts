import { expect, it } from 'vitest'
import { parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import type { TagList } from '../catalog.ts'
import { recordTagList } from './record-tag-list.ts'
import { recordRepositories } from './repository-ids.ts'

describeEachDatabase('Lists of one repository that are recorded together', (databases) => {
  it('leave the newest, and the time at which a sync has looked at it', async () => {
    const store = await openStore(await databases.create())
    const [id = 0] = await recordRepositories(store, 'hub', ['team/api'], 1)
    const list = (...tags: string[]): TagList => ({ tags: tags.map(parseTag), folded: [] })
    const repository = { id, hash: null }
    await Promise.all([
      recordTagList(store, repository, list('1'), { at: 10, further: { looked_at: 10 } }),
      recordTagList(store, repository, list('1', '2'), { at: 30 }),
      recordTagList(store, repository, list('1'), { at: 20 }),
    ])
    const row = await store.read.selectFrom('repository').select(['list_seen', 'looked_at']).executeTakeFirstOrThrow()
    const tags = await store.read.selectFrom('tag').select('name').where('listed', '=', 1).orderBy('name').execute()
    expect([Number(row.list_seen), Number(row.looked_at), tags]).toEqual([30, 10, [{ name: '1' }, { name: '2' }]])
    await store.close()
  })
})
