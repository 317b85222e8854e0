import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type RecordedManifest, recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'

describeEachDatabase('Manifests', (databases) => {
  it('are recorded by two processes at once, whose registries hold the same images', async () => {
    const location = await databases.create()
    const [one, two] = [await openStore(location), await openStore(location)]
    const sync = async (store: Store, registry: string, images: readonly RecordedManifest[], round: number) => {
      await recordManifests(store, images)
      const place = { registry, repository: parseRepositoryName(`team/r${round}`) }
      const sightings = images.map(({ digest }) => ({ tag: digest.slice(7), digest }))
      await recordTags(store, place, sightings, { at: 1, how: 'sync' })
    }
    for (let round = 0; round < 5; round++) {
      const images = Array.from({ length: 300 }, (_, index) => manifestOf(`${round}-${index}`))
      await Promise.all([sync(one, 'staging', images, round), sync(two, 'production', images.toReversed(), round)])
    }
    const rows = await one.read.selectFrom('tag').select('manifest_id').execute()
    expect(rows).toHaveLength(3_000)
    expect(new Set(rows.map((row) => row.manifest_id)).size).toBe(1_500)
    await Promise.all([one.close(), two.close()])
  }, 60_000)
})

function manifestOf(name: string): RecordedManifest {
  const digest = digestOf(Buffer.from(name))
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  return {
    digest,
    mediaType,
    type: 'image',
    bytes: 10,
    images: [
      {
        digest,
        mediaType,
        bytes: 10,
        blobs: [{ digest: digestOf(Buffer.from(`blob ${name}`)), size: 3 }],
        labels: [{ key: `key ${name}`, value: name, origin: 'config' }],
      },
    ],
  }
}
