import { expect, it } from 'vitest'
import { digestAt } from '../graph/digest-at.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { attach } from './attach.ts'
import { nameOfReferrer } from './referrer.ts'
import { listReferrers } from './referrers.ts'
import { readSbom } from './sbom.ts'

const SPDX = 'application/spdx+json'
const sbom = (name: string) => ({
  artifactType: SPDX,
  blobs: [{ mediaType: SPDX, content: Buffer.from(JSON.stringify({ spdxVersion: 'SPDX-2.3', name, packages: [] })) }],
})

describeHomes('attaching an artifact', (home) => {
  it('makes it a referrer of the image, which is unchanged', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0'] })
    const { digest } = await attach(repository, tag('1.0'), { ...sbom('app'), annotations: { by: 'us' } })
    const { items } = await listReferrers(repository, image.digest)
    expect(items).toMatchObject([{ descriptor: { digest, artifactType: SPDX }, kind: 'sbom' }])
    const [found] = items
    if (found?.source !== 'api') throw new Error(found?.source)
    expect(found.descriptor.annotations?.get('by')).toBe('us')
    const [document] = await readSbom(repository, found.descriptor)
    expect(document).toMatchObject({ format: 'spdx', version: 'SPDX-2.3' })
    expect(await digestAt(repository, tag('1.0'))).toBe(image.digest)
  })

  it('loses nothing when several are attached at the same time', async () => {
    const repository = home().fresh()
    const image = await putImage(repository)
    const attached = await Promise.all(['a', 'b', 'c', 'd'].map((name) => attach(repository, image.digest, sbom(name))))
    const { items } = await listReferrers(repository, image.digest)
    expect(items.map(nameOfReferrer).sort()).toEqual(attached.map(({ digest }) => digest).sort())
  })

  it('requires something to attach to', async () => {
    const call = attach(home().fresh(), tag('nothing'), sbom('x'))
    await expect(call).rejects.toMatchObject({ kind: 'not-found' })
  })
})
