import { afterAll, beforeAll, expect, it } from 'vitest'
import { attach } from '../../image/referrers/attach.ts'
import { putSignature } from '../../image/referrers/put-signature.ts'
import { type OpenHome, openLayout } from '../../image/testing/homes.ts'
import { putBlob, putImage, putIndex, tag } from '../../image/testing/images.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { catalogDatabase } from '../database/catalog-database.ts'
import { searchFacets } from '../database/search-facets.ts'
import { searchTags, typedQuery } from '../database/search-tags.ts'
import { syncRepository } from './sync-repository.ts'

const NAME = parseRepositoryName('team/app')
const SPDX = 'https://spdx.dev/Document'
const SLSA = 'https://slsa.dev/provenance/v1'

async function sign(repository: Repository, digest: string): Promise<void> {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'team/app' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  )
  await putSignature(repository, tag('signed'), { form: 'cosign', payload, signature: 'YQ==' })
}

/** An image signed by cosign, one with a bill of materials that refers to it, an index as BuildKit makes them, and one with nothing. */
async function fill(repository: Repository): Promise<void> {
  const { digest } = await putImage(repository, { tags: ['signed'] })
  await sign(repository, digest)
  const listed = await putImage(repository, { tags: ['listed'] })
  const sbom = Buffer.from('{"spdxVersion":"SPDX-2.3"}')
  const blobs = [{ mediaType: 'application/spdx+json', content: sbom }]
  await attach(repository, listed.digest, { artifactType: 'application/spdx+json', blobs })
  await putImage(repository, { tags: ['plain'] })
  const image = await putImage(repository)
  const statement = (predicate: string) =>
    putBlob(repository, Buffer.from(`{"predicateType":"${predicate}"}`), 'application/vnd.in-toto+json').then(
      (layer) => ({ ...layer, annotations: { 'in-toto.io/predicate-type': predicate } }),
    )
  const layers = [await statement(SLSA), await statement(SPDX)]
  const attestation = await putImage(repository, { fields: { layers } })
  await putIndex(
    repository,
    [
      { mediaType: MEDIA_TYPE.ociManifest, digest: image.digest, size: image.size, platform: LINUX },
      {
        mediaType: MEDIA_TYPE.ociManifest,
        digest: attestation.digest,
        size: attestation.size,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': image.digest,
        },
      },
    ],
    { tags: ['built'] },
  )
}

const LINUX = { os: 'linux', architecture: 'amd64' }

describeEachDatabase('a sync', (databases) => {
  let server: DockerRegistry
  let proxy: FaultProxy
  let layout: OpenHome
  const stores: Store[] = []
  const synced = async (registry: Registry) => {
    const store = await openStore(await databases.create())
    stores.push(store)
    return {
      store,
      sync: (at: number) => syncRepository(store, registry.repository(NAME), { at, how: 'sync' }, { limit: 4 }),
    }
  }
  const found = async (store: Store, query: string) => {
    const { tags } = await searchTags(catalogDatabase(store), { ...searchOf(query), sort: 'repository', limit: 10 })
    return tags.map((one) => one.tag)
  }
  const searchOf = (query: string) => ({
    query: typedQuery(query).query,
    visibility: new Map([
      ['hub', ['**']],
      ['layout', ['**']],
    ]),
    now: Date.now(),
  })

  beforeAll(async () => {
    server = await startDockerRegistry()
    proxy = await startFaultProxy(server.url)
    layout = await openLayout()
    await fill(createHttpRegistry({ name: 'hub', url: server.url }).repository(NAME))
    await fill(layout.registry.repository(NAME))
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    await layout?.close()
    await proxy?.stop()
    await server?.stop()
  })

  const expectAttached = async (store: Store) => {
    expect(await found(store, 'has:signature')).toEqual(['signed'])
    expect(await found(store, '-has:signature')).toEqual(['plain', 'listed', 'built'])
    expect(await found(store, 'has:sbom')).toEqual(['listed', 'built'])
    expect(await found(store, 'has:provenance')).toEqual(['built'])
    expect(await found(store, '-has:signature,sbom,provenance')).toEqual(['plain'])
    const { facets } = await searchFacets(catalogDatabase(store), searchOf(''))
    expect(facets.signature).toEqual([
      { value: 'not signed', term: '-has:signature', tags: 3 },
      { value: 'signed', term: 'has:signature', tags: 1 },
    ])
  }

  it('finds attachments through the referrers API, as layouts have it', async () => {
    const { store, sync } = await synced(layout.registry)
    await sync(Date.now())
    await expectAttached(store)
  })

  it('finds them in the list of tags without that API, and then sends no further requests', async () => {
    const { store, sync } = await synced(createHttpRegistry({ name: 'hub', url: proxy.url }))
    await sync(Date.now())
    await expectAttached(store)
    proxy.requests.length = 0
    await sync(Date.now())
    expect(proxy.requests.filter(({ path }) => path.includes('/referrers/')).length).toBeLessThanOrEqual(1)
    expect(proxy.requests.filter(({ method, path }) => method === 'GET' && /manifests|blobs/.test(path))).toEqual([])
  })

  it('notices a signature added later, and forgets it for a tag that moves away', async () => {
    const registry = createHttpRegistry({ name: 'hub', url: server.url })
    const repository = registry.repository(parseRepositoryName('team/later'))
    const store = await openStore(await databases.create())
    stores.push(store)
    const sync = () => syncRepository(store, repository, { at: Date.now(), how: 'sync' }, { limit: 4 })
    const { digest } = await putImage(repository, { tags: ['signed'] })
    await sync()
    expect(await found(store, 'has:signature')).toEqual([])
    await sign(repository, digest)
    await sync()
    expect(await found(store, 'has:signature')).toEqual(['signed'])
    await putImage(repository, { tags: ['signed'] })
    await sync()
    expect(await found(store, '-has:signature')).toEqual(['signed'])
  })
})
