import { describe, expect, it } from 'vitest'
import { parseFullReference, parseTag } from '../../oci/reference.ts'
import { attach } from '../referrers/attach.ts'
import { putSignature } from '../referrers/put-signature.ts'
import { nameOfReferrer } from '../referrers/referrer.ts'
import { listReferrers } from '../referrers/referrers.ts'
import { openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex } from '../testing/images.ts'
import { cacheRepository, createImageCache } from './image-cache.ts'

const AMD64 = { os: 'linux', architecture: 'amd64' }

describe('pulling with referrers', () => {
  const remote = useHome(startRegistry)
  const local = useHome(openLayout)
  it('fetches signatures of the index and SBOMs of its image, only when asked', async () => {
    const repository = remote().fresh()
    const image = await putImage(repository, { platform: AMD64 })
    const index = await putIndex(repository, [pointerTo(image, { platform: AMD64 })], { tags: ['1'] })
    const blob = { mediaType: 'application/spdx+json', content: Buffer.from('{"spdxVersion":"SPDX-2.3"}') }
    const sbom = await attach(repository, image.digest, { artifactType: blob.mediaType, blobs: [blob] })
    const payload = { critical: { image: { 'docker-manifest-digest': index.digest } } }
    const cosign = { form: 'cosign', payload: Buffer.from(JSON.stringify(payload)), signature: 'YQ==' } as const
    await putSignature(repository, index.digest, cosign)

    const { registry } = remote()
    const cache = createImageCache({ layout: local().registry, registryFor: () => registry })
    const name = `${registry.publicHost}/${repository.name}:1`
    const cached = local().registry.repository(cacheRepository(parseFullReference(name)))
    const said = async (digest: typeof index.digest) => (await listReferrers(cached, digest)).items

    await cache.imagePull(name, { platform: AMD64 })
    expect([...(await said(index.digest)), ...(await said(image.digest))]).toEqual([])
    await cache.imagePull(name, { platform: AMD64, referrers: true, alwaysPull: true })
    expect(await said(index.digest)).toMatchObject([{ source: 'cosign-tag', kind: 'signature' }])
    expect((await said(image.digest)).map(nameOfReferrer)).toEqual([sbom.digest])
    expect((await cached.resolve(parseTag('1'))).digest).toBe(index.digest)
  })
})
