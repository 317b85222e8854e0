import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { recordManifests } from './record-manifests.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'
import { countUntagged } from './untagged-manifests.ts'

const NOW = Date.UTC(2026, 11, 1)
const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
const images = Array.from({ length: 4_000 }, (_, n) => ({
  tag: parseTag(`t${n}`),
  digest: `sha256:${n.toString(16).padStart(64, '0')}`,
}))

describeEachDatabase('images without a tag', (databases) => {
  let store: Store
  beforeAll(async () => {
    store = await openStore(await databases.create())
  })
  afterAll(() => store?.close())

  it('are counted about as fast where Lading has deleted thousands of them', async () => {
    const about = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      type: 'image',
      bytes: 1,
      images: [],
    } as const
    const holds = { sbom: false, provenance: false }
    await recordManifests(
      store,
      images.map(({ digest }) => ({ ...about, digest, holds })),
    )
    await recordTags(store, place, images, { at: NOW - 2_000, how: 'sync' })
    const tags = images.map(({ tag }) => tag)
    await recordGoneTags(store, place, tags, { at: NOW - 1_000, how: 'sync' })
    const counted = async () => {
      const started = performance.now()
      return { count: await countUntagged(store, place), took: performance.now() - started }
    }
    await counted()
    const before = await counted()
    expect(before.count).toBe(images.length)
    const deletion = { ...place, began: new Date(NOW).toISOString(), outcome: 'deleted', lease: '', fence: 1 }
    const deleted = images.slice(1)
    for (let at = 0; at < deleted.length; at += 500) {
      const rows = deleted.slice(at, at + 500).map(({ tag, digest }) => ({
        ...deletion,
        id: tag,
        record: JSON.stringify({ digest, tags: [tag] }),
        document: new Uint8Array(),
      }))
      await store.write.insertInto('change_entry').values(rows).execute()
    }
    await counted()
    const after = await counted()
    expect(after.count).toBe(1)
    expect(after.took).toBeLessThan(200 + 30 * before.took)
  })
})
