import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type RecordedManifest, recordManifests } from './record-manifests.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'

const NOW = Date.UTC(2026, 10, 29)
const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
const tags = Array.from({ length: 10 }, (_, n) => parseTag(`1.${n}`))
const manifest = (digest: string): RecordedManifest => ({
  digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  type: 'image',
  bytes: 9,
  holds: { sbom: false, provenance: false },
  images: [],
})
const [before, after] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]

describeEachDatabase('what two replicas notice at once', (databases) => {
  it('is one event, whether tags have moved or are gone', async () => {
    const location = await databases.create()
    const [one, other] = [await openStore(location), await openStore(location)]
    try {
      await recordManifests(one, [manifest(before), manifest(after)])
      const point = (store: typeof one, digest: string, at: number) =>
        recordTags(
          store,
          place,
          tags.map((tag) => ({ tag, digest })),
          { at, how: 'sync' },
        )
      const events = async () => {
        const { rows } = await sql<{ kind: string; count: number }>`
          select kind, count(*) as count from tag_event where kind <> 'seen' group by kind order by kind`.execute(
          one.read,
        )
        return rows.map(({ kind, count }) => `${kind} ${count}`)
      }
      for (let round = 1; round <= 10; round++) {
        await point(one, before, NOW + 10 * round)
        await Promise.all([one, other].map((store) => point(store, after, NOW + 10 * round + 1)))
        await Promise.all(
          [one, other].map((store) => recordGoneTags(store, place, tags, { at: NOW + 10 * round + 2, how: 'sync' })),
        )
      }
      expect(await events()).toEqual(['gone 100', 'moved 100'])
    } finally {
      await one.close()
      await other.close()
    }
  })
})
