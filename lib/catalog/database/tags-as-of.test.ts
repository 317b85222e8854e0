import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'
import { tagsAsOf } from './tags-as-of.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags } from './testing/sample-catalog.ts'

const DAY = 86_400_000
const VISIBLE = new Map([['hub', ['team-a/**']]])

describeEachDatabase('tags as they were', (databases) => {
  let store: Store
  let database: CatalogDatabase
  const place = { registry: 'hub', repository: parseRepositoryName('team-a/past') }
  const digest = (index: number) => sampleTags[index]?.digest ?? ''
  const day = (number: number) => NOW + number * DAY
  const asOf = async (number: number, visibility = VISIBLE) =>
    tagsAsOf(database, { visibility, place, at: day(number) })
  const tagged = async (number: number, tag: string) => (await asOf(number))?.tags.find((row) => row.tag === tag)

  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
    const record = (tag: string, index: number, at: number, how: 'change' | 'notification' | 'sync') =>
      recordTags(store, place, [{ tag, digest: digest(index) }], { at: day(at), how })
    await record('old', 1, 0, 'sync')
    await record('latest', 1, 1, 'notification')
    await record('latest', 2, 5, 'change')
    await record('latest', 3, 9, 'sync')
    await record('pr-7', 2, 2, 'notification')
    await recordGoneTags(store, place, ['pr-7'], { at: day(6), how: 'change', actor: 'mira' })
    await record('new', 3, 8, 'notification')
  })
  afterAll(() => store?.close())

  it('shows where each tag pointed then, and where it points now', async () => {
    const past = await asOf(3)
    expect(past?.tags.map((row) => [row.tag, row.was, row.now])).toEqual([
      ['pr-7', digest(2), undefined],
      ['old', digest(1), digest(1)],
      ['new', undefined, digest(3)],
      ['latest', digest(1), digest(3)],
    ])
    expect(await tagged(3, 'latest')).toMatchObject({
      moves: 2,
      isUncertain: false,
      known: { how: 'notification', at: day(1) },
    })
    expect((await tagged(7, 'pr-7'))?.was).toBeUndefined()
    expect(await tagged(6, 'latest')).toMatchObject({ was: digest(2), moves: 1 })
  })

  it('marks what isn’t certain: a move that a sync found later may have happened earlier', async () => {
    expect(await tagged(7, 'latest')).toMatchObject({ was: digest(2), isUncertain: true })
    expect(await tagged(4, 'latest')).toMatchObject({ isUncertain: false })
    // There at the first look, since whenever.
    expect(await tagged(-1, 'old')).toMatchObject({ isUncertain: true })
    expect((await asOf(3))?.recordedSince).toBe(day(0))
  })

  it('knows nothing of a hidden repository', async () => {
    expect(await asOf(3, new Map([['hub', ['team-b/**']]]))).toBeUndefined()
  })
})
