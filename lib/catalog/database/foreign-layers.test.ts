import { afterAll, expect, it } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { catalogDatabase } from './catalog-database.ts'
import { recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'
import { registryStorage } from './registry-storage.ts'
import { repositoryFacts } from './repository-facts.ts'
import { repositoryStorage } from './repository-storage.ts'
import { uniqueBytes } from './unique-bytes.ts'

const PLACE = { registry: 'hub', repository: parseRepositoryName('win/app') }
const digest = parseDigest(`sha256:${'a'.repeat(64)}`)
const visibility = new Map([['hub', ['**']]])

describeEachDatabase('layers that a registry need not hold', (databases) => {
  let store: Store
  afterAll(() => store?.close())

  it('count in no sum of what it stores', async () => {
    store = await openStore(await databases.create())
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json'
    const blobs = [
      { digest: `sha256:${'1'.repeat(64)}`, size: 10 },
      { digest: `sha256:${'2'.repeat(64)}`, size: 1_700_000_000, isForeign: true },
      { digest: `sha256:${'3'.repeat(64)}`, size: 500 },
    ]
    const image = { digest, mediaType, bytes: 9, layers: 2, blobs, labels: [] }
    await recordManifests(store, [{ digest, mediaType, type: 'image', bytes: 9, images: [image] }])
    await recordTags(store, PLACE, [{ tag: parseTag('1.0'), digest }], { at: Date.now(), how: 'sync' })
    const database = catalogDatabase(store)
    const { places, layers } = await registryStorage(database, { visibility, registry: 'hub' })
    expect(places.get('')).toMatchObject({ total: 510, frees: 510, blobs: 2 })
    expect(layers.map(({ size }) => size)).toEqual([500, 10])
    expect(await repositoryStorage(database, { visibility, place: PLACE, offset: 0, limit: 5 })).toMatchObject({
      total: 510,
      frees: 510,
    })
    expect((await repositoryFacts(store, PLACE, []))?.bytes).toBe(510)
    expect(await uniqueBytes(database, visibility, PLACE, [digest])).toEqual(new Map([[digest, 510]]))
  })
})
