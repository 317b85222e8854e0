import { expect, test } from 'vitest'
import { recordManifests } from '../../catalog/database/record-manifests.ts'
import { recordTags } from '../../catalog/database/record-tags.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'

recordHub(
  [
    ['base/node', { tags: ['22', '22.1'] }],
    ['base/node', { tags: ['22', '22.2'] }],
  ],
  undefined,
  ['copy'],
)
const base = { registry: 'hub', repository: parseRepositoryName('base/node') }
const app = { registry: 'hub', repository: parseRepositoryName('team/app') }

/** Records an image whose annotations name a base. @returns its digest */
async function recordOn(place: Place, serial: string, base: { name: string; digest: Digest }) {
  const digest = parseDigest(`sha256:${serial.repeat(64)}`)
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const labels = Object.entries(base).map(([key, value]) => ({
    key: `org.opencontainers.image.base.${key}`,
    value,
    origin: 'annotation' as const,
  }))
  const image = { digest, mediaType, bytes: 1, layers: 0, blobs: [], labels }
  await recordManifests(await theStore(), [{ digest, mediaType, type: 'image', bytes: 1, images: [image] }])
  await recordTags(await theStore(), place, [{ tag: parseTag(serial), digest }], { at: Date.now(), how: 'sync' })
  return digest
}

/** What is known of the base of an image whose annotations name one. */
async function baseOf(actor: typeof anna, name: string, digest: Digest, serial: string) {
  const own = await recordOn(app, serial, { name, digest })
  const { readLineage } = await import('./read-lineage.ts')
  return (await readLineage(actor, app, { digest: own })).basedOn
}

test('a base is outdated once the tag that the image names is on another image, though nobody saw it move', async () => {
  const { openRepository } = await import('../registries/open.ts')
  const { readNames } = await import('../registries/read-repositories.ts')
  await readNames(anna)
  const repository = openRepository(anna, 'browse', base)
  const [old, current] = await Promise.all(
    ['22.1', '22.2'].map(async (tag) => (await repository.resolve(parseTag(tag))).digest),
  )
  if (!old || !current) throw new Error('no base')
  const [outdated] = await baseOf(anna, 'base/node:22', old, 'a')
  expect(outdated).toMatchObject({ ...base, digest: old, tags: ['22.1'], moved: { tag: '22', to: current } })
  const [latest] = await baseOf(anna, 'base/node:22', current, 'b')
  expect(latest).toMatchObject({ digest: current, tags: ['22.2', '22'] })
  expect(latest?.moved).toBeUndefined()
  // People who can't see the base learn nothing of it.
  expect(await baseOf(bo, 'base/node:22', old, 'c')).toEqual([])
})

test('the name of a base means the registry of the page that is read', async () => {
  const { openRepository } = await import('../registries/open.ts')
  const { readLineage } = await import('./read-lineage.ts')
  const { digest: old } = await openRepository(anna, 'browse', base).resolve(parseTag('22.1'))
  if (!old) throw new Error('no base')
  const digest = await recordOn(app, 'd', { name: 'base/node:22', digest: old })
  const [elsewhere] = (await readLineage(anna, { ...app, registry: 'copy' }, { digest })).basedOn
  expect(elsewhere?.moved).toBeUndefined()
  const [here] = (await readLineage(anna, app, { digest })).basedOn
  expect(here?.moved).toMatchObject({ tag: '22' })
})
