import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex } from '../testing/images.ts'
import { lookupManifest } from './lookup-manifest.ts'

describeHomes('looking a manifest up by its digest', (home) => {
  it('finds what a tag points at, directly or through indexes', async () => {
    const repository = home().fresh()
    const tagged = await putImage(repository, { tags: ['1'], labels: { a: '1' } })
    const child = await putImage(repository, { labels: { a: '2' } })
    const inner = await putIndex(repository, [pointerTo(child)])
    await putIndex(repository, [pointerTo(inner)], { tags: ['multi'] })
    for (const { digest } of [tagged, inner, child])
      expect((await lookupManifest(repository, digest))?.digest).toBe(digest)
  })

  it('finds untagged manifests only when allowed', async () => {
    const repository = home().fresh()
    await putImage(repository, { tags: ['1'], labels: { a: '1' } })
    const { digest } = await putImage(repository, { labels: { a: 'dead' } })
    expect(await lookupManifest(repository, digest)).toBeUndefined()
    expect((await lookupManifest(repository, digest, { allowDead: true }))?.digest).toBe(digest)
    expect(await lookupManifest(repository, digestOf('nowhere'), { allowDead: true })).toBeUndefined()
  })
})
