import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { catalogDatabase } from './catalog-database.ts'
import { newestTags, readNewestTags } from './newest-tags.ts'
import { repositoryFacts } from './repository-facts.ts'
import { typedQuery } from './search-tags.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW } from './testing/sample-catalog.ts'

describeEachDatabase('the tag that stands for a repository', (databases) => {
  let store: Store
  beforeAll(async () => {
    store = await openStore(await databases.create())
  })
  afterAll(() => store?.close())

  it.each([
    ['the highest release', ['1.9.0', '1.10.0', '1.10.1-rc.1', 'latest', 'pr-123'], '1.10.0'],
    ['the full version before a moving one', ['1', '2.0', '2.0.0', '2'], '2.0.0'],
    ['a release with a build number', ['v1.4.2', 'v1.4.2_build5', 'sha-0a1b2c'], 'v1.4.2_build5'],
    ['latest without a release', ['latest', '20260115', '1.4.2-alpine', 'sha-0a1b2c'], 'latest'],
    ['the newest without either', ['main', '2.0.0-rc.1', 'pr-123'], 'pr-123'],
  ])('is %s', async (name, tags, expected) => {
    const repository = parseRepositoryName(name.replaceAll(' ', '-'))
    await fillSample(
      store,
      // The later in the list, the newer.
      tags.map((tag, index) => ({
        registry: 'hub',
        repository,
        tag,
        digest: `sha256:${Buffer.from(`${name} ${tag}`).toString('hex').padEnd(64, '0').slice(-64)}`,
        type: 'image' as const,
        images: [
          {
            registry: 'hub',
            repository,
            labels: new Map(),
            has: {},
            digests: [],
            created: NOW - (tags.length - index) * 3_600_000,
          },
        ],
      })),
    )
    const facts = await repositoryFacts(store, { registry: 'hub', repository }, [])
    expect(facts?.lead?.tag).toBe(expected)
  })

  it('is the full version among newest tags of one age', async () => {
    const repository = parseRepositoryName('one-age')
    const tags = ['latest', '1', '1.5', '1.5.0']
    const facts = { registry: 'hub', repository, labels: new Map(), has: {}, digests: [], created: NOW }
    const digest = `sha256:${'5'.repeat(64)}`
    await fillSample(
      store,
      tags.map((tag) => ({ registry: 'hub', repository, tag, digest, type: 'image' as const, images: [facts] })),
    )
    const search = { query: typedQuery('repo:one-age').query, visibility: new Map([['hub', ['**']]]), now: NOW }
    const database = catalogDatabase(store)
    const { tags: newest } = await newestTags(database, search, [])
    const [found] = await readNewestTags(
      database,
      search,
      newest.map(({ id }) => id),
    )
    expect(found?.tag).toBe('1.5.0')
  })
})
