import { expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import type { Repository } from '../../registry/registry.ts'
import { putSignature } from '../referrers/put-signature.ts'
import { cosignTag } from '../referrers/referrers-tag.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'

const sign = (repository: Repository, digest: Digest, signature: string) => {
  const payload = Buffer.from(JSON.stringify({ critical: { image: { 'docker-manifest-digest': digest } } }))
  return putSignature(repository, digest, { form: 'cosign', payload, signature })
}

describeHomes('a copy without the right to overwrite', (home) => {
  it('adds no signature to existing ones at the destination, and creates missing ones', async () => {
    const [from, to, empty] = [home().fresh(), home().fresh(), home().fresh()]
    const { digest } = await putImage(from, { tags: ['1'] })
    const source = { repository: from, reference: tag('1') }
    await copyImage(source, { repository: to, reference: tag('1') })
    await sign(from, digest, 'b3Vycw==')
    const signed = cosignTag(digest, 'sig')
    await sign(to, digest, 'dGhlaXJz')
    const before = await to.resolve(signed)

    const options = { referrers: true, mayOverwrite: false }
    const report = await copyImage(source, { repository: to, reference: tag('2') }, options)
    expect(report.referrers).toMatchObject({
      copied: 0,
      skipped: [{ tag: signed, reason: expect.stringContaining('requires the right to overwrite') }],
    })
    expect(await to.resolve(signed)).toEqual(before)
    expect((await to.resolve(tag('2'))).digest).toBe(digest)
    const created = await copyImage(source, { repository: empty, reference: tag('1') }, options)
    expect(created.referrers).toEqual({ copied: 1, skipped: [] })

    const allowed = await copyImage(source, { repository: to, reference: tag('2') }, { referrers: true })
    expect(allowed.referrers).toEqual({ copied: 1, skipped: [] })
    const both = await to.manifest(signed)
    expect(both.kind === 'oci-image' && both.layers).toHaveLength(2)
    const again = await copyImage(source, { repository: to, reference: tag('2') }, options)
    expect(again.referrers).toEqual({ copied: 1, skipped: [] })
    expect((await to.resolve(signed)).digest).toBe(both.digest)
  })
})
