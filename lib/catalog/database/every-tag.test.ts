import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { everyMatrixRow, type MatrixRow } from './every-matrix-row.ts'
import { everyTag, type ListedTag } from './every-tag.ts'
import { labelMatrix } from './label-matrix.ts'
import { readAhead } from './read-ahead.ts'
import { recordTags } from './record-tags.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import type { FoundTag, TagSearchSort } from './tag-search.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const SOME: Visibility = new Map([['hub', ['team-a/*', 'large']]])
const SORTS: readonly TagSearchSort[] = ['repository', 'created', 'moved', 'size']
/** More than are read at a time. */
const LARGE = 4_500

describeEachDatabase('every tag', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
    const large = Array.from({ length: LARGE }, (_, serial) => ({
      tag: `build-${serial}`,
      digest: sampleTags[serial % sampleTags.length]?.digest as string,
    }))
    const place = { registry: 'hub', repository: parseRepositoryName('large') }
    await recordTags(store, place, large, { at: NOW - 1, how: 'change' })
    await recordTags(store, place, [{ tag: 'unread', problem: 'format' }], { at: NOW, how: 'sync' })
  }, 60_000)
  afterAll(() => store?.close())

  const list = async (query: string, sort: TagSearchSort, visibility: Visibility) => {
    const found: ListedTag[] = []
    const search = { query: typedQuery(query).query, visibility, sort, now: NOW }
    for await (const tags of readAhead(everyTag(database, search))) found.push(...tags)
    return found
  }

  it.each([
    '',
    'label:team',
    '-label:team',
    'team=quay',
    'team!=quay reviewed=yes',
    'label:reviewed or platform:windows/*',
    'repo:large tag:build-1*',
    'has:signature',
    'digest:00000177',
    'label:nothing',
  ])(
    'holds what the pages of a search for %j show, in their order',
    async (query) => {
      for (const sort of SORTS)
        for (const visibility of [EVERYTHING, SOME]) {
          const page = await searchTags(database, {
            query: typedQuery(query).query,
            visibility,
            sort,
            limit: 10_000,
            now: NOW,
          })
          expect(page.next).toBeUndefined()
          expect(await list(query, sort, visibility), sort).toEqual(page.tags.map(listed))
        }
    },
    60_000,
  )

  it.each([
    '',
    'label:team',
    'platform:linux/*',
    'team!=quay reviewed=yes',
    'repo:large tag:build-1*',
    'label:nothing',
  ])(
    'is a row of the whole matrix of labels for %j, as on its pages',
    async (query) => {
      const keys = ['team', 'version', 'reviewed', 'nothing']
      for (const visibility of [EVERYTHING, SOME]) {
        const search = { query: typedQuery(query).query, visibility, now: NOW }
        const { rows } = await labelMatrix(database, { ...search, sort: 'repository', limit: 10_000 }, keys)
        const found: MatrixRow[] = []
        for await (const some of everyMatrixRow(database, search, keys)) found.push(...some)
        expect(found).toEqual(
          rows.map(({ tag: { registry, repository, tag, digest }, cells }) => ({
            ...{ registry, repository, tag, digest, cells },
          })),
        )
        const plain: MatrixRow[] = []
        for await (const some of everyMatrixRow(database, search, ['version'])) plain.push(...some)
        expect(plain.map(({ cells }) => cells)).toEqual(found.map(({ cells }) => [cells[1]]))
      }
    },
    60_000,
  )

  it('is on one of a search’s pages, which read little of a large repository among small ones', async () => {
    let most = 0
    let after: string | undefined
    const count: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        most = Math.max(most, result.rows.length)
        return result
      },
    }
    const counted = catalogDatabase({ ...store, read: store.read.withPlugin(count) })
    for (const query of ['', 'label:reviewed or platform:windows/*']) {
      const search = { query: typedQuery(query).query, visibility: SOME, sort: 'repository', now: NOW } as const
      const tags: FoundTag[] = []
      do {
        const page = await searchTags(counted, { ...search, limit: 400, ...(after !== undefined && { after }) })
        tags.push(...page.tags)
        after = page.next
      } while (after !== undefined)
      expect(tags.map(listed), query).toEqual(await list(query, 'repository', SOME))
    }
    expect(most).toBeLessThanOrEqual(1_000)
  })

  it('holds a tag that moves to another image while it is read', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('moving') }
    const [before, after] = sampleTags.map(({ digest }) => digest) as [string, string]
    await recordTags(store, place, [{ tag: 'latest', digest: before }], { at: NOW, how: 'sync' })
    let isMoved = false
    const move: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (!isMoved && result.rows.some((row) => 'packed' in row)) {
          isMoved = true
          await recordTags(store, place, [{ tag: 'latest', digest: after }], { at: NOW, how: 'change' })
        }
        return result
      },
    }
    const busy = catalogDatabase({ ...store, readAll: store.readAll.withPlugin(move) })
    const search = {
      query: typedQuery('repo:moving').query,
      visibility: EVERYTHING,
      sort: 'repository',
      now: NOW,
    } as const
    const found: ListedTag[] = []
    for await (const tags of everyTag(busy, search)) found.push(...tags)
    expect(isMoved).toBe(true)
    expect(found.map(({ tag, digest }) => [tag, digest])).toEqual([['latest', after]])
  })

  it('stops when its reader leaves', async () => {
    const search = { query: typedQuery('').query, visibility: EVERYTHING, sort: 'repository', now: NOW } as const
    let batches = 0
    for await (const tags of readAhead(everyTag(database, search))) {
      expect(tags.length).toBeLessThanOrEqual(2_000)
      if (++batches === 2) break
    }
    const reason = new Error('The browser has gone away')
    const aborted = everyTag(database, search, AbortSignal.abort(reason))
    await expect(aborted.next()).rejects.toBe(reason)
  })
})

function listed(found: FoundTag): ListedTag {
  const { images, labels, registry, repository, tag, digest, type, created, size, movedAt } = found
  return {
    ...{ registry, repository, tag, digest, type },
    ...(created !== undefined && { created }),
    ...(size !== undefined && { size }),
    ...(movedAt !== undefined && { movedAt }),
    images: images.length,
    matching: images.filter(({ matches }) => matches).map(({ platform }) => platform),
    labels,
  }
}
