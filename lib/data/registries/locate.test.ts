import { expect, test } from 'vitest'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna, bo } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')
const own = parseRepositoryName('zoo/own')
const grant = { subject: { user: 'bo' }, role: 'viewer', registry: 'local', repository: 'zoo/**', allow: [] } as const

/** As many repositories, and one that comes last. */
async function list(repositories: number): Promise<void> {
  const { visibleRegistries } = await import('./registries.ts')
  const { catalogOf } = await import('../../catalog/the-catalog.ts')
  layer.proxy.clear()
  const names = Array.from({ length: repositories }, (_, at) => `many/r${at}`)
  const body = JSON.stringify({ repositories: [...names, own] })
  layer.proxy.on({ path: '/_catalog', fault: { kind: 'answer', status: 200, body } })
  const [registry] = visibleRegistries(anna)
  if (!registry) throw new Error('no registry')
  await catalogOf(registry).registryChanged(registry.name)
  await catalogOf(registry).repositories(registry, { freshFor: 0, patience: 30_000 })
}

test('a digest counts as absent only where every repository was asked and has answered', async () => {
  const { locateDigest } = await import('./locate.ts')
  const absent = parseDigest(`sha256:${'ab'.repeat(32)}`)
  await list(2)
  await expect
    .poll(() => locateDigest(anna, absent, []))
    .toEqual({ places: [], lacking: [], failed: [], isWhole: true })
  await list(200)
  expect(await locateDigest(anna, absent, [])).toMatchObject({ places: [], isWhole: false })
})

test('repositories that a user doesn’t see take no turns of those that have a digest', async () => {
  const { locateDigest } = await import('./locate.ts')
  const digest = (await pushImage(layer.url, own, ['1'])).digest as Digest
  await list(200)
  await expect
    .poll(() => locateDigest({ ...bo, grants: [grant] }, digest, []))
    .toMatchObject({ places: [{ registry: 'local', repository: own }], isWhole: true })
})
