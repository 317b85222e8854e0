import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { digestAt } from '../graph/digest-at.ts'
import { describeHomes, startRegistry, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { putSignature } from './put-signature.ts'
import { listReferrers } from './referrers.ts'

const payloadFor = (digest: string, name = 'team/app') =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': name },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  )

describeHomes('putting a signature', (home) => {
  it('keeps each of cosign’s beside the others, even several at once, and the image unchanged', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository, { tags: ['1.0'] })
    const sign = (signature: string) =>
      putSignature(repository, tag('1.0'), { form: 'cosign', payload: payloadFor(digest), signature })
    await Promise.all(['YQ==', 'Yg==', 'Yw==', 'YQ=='].map(sign))
    const { items } = await listReferrers(repository, digest)
    expect(items).toMatchObject([{ source: 'cosign-tag', kind: 'signature' }])
    const parts = items[0] && 'parts' in items[0] ? items[0].parts : []
    expect(parts?.map(({ annotations }) => annotations?.get('dev.cosignproject.cosign/signature')).sort()).toEqual([
      'YQ==',
      'Yg==',
      'Yw==',
    ])
    expect(await digestAt(repository, tag('1.0'))).toBe(digest)
  })

  it('is refused if the payload names another manifest, or the registry has no store', async () => {
    const repository = home().fresh()
    const [image, other] = [await putImage(repository), await putImage(repository)]
    const signature = { form: 'cosign', payload: payloadFor(other.digest), signature: 'YQ==' } as const
    await expect(putSignature(repository, image.digest, signature)).rejects.toMatchObject({ kind: 'invalid' })
    const stored = { form: 'store', content: Buffer.from('x') } as const
    await expect(putSignature(repository, image.digest, stored)).rejects.toMatchObject({ kind: 'unsupported' })
    expect((await listReferrers(repository, image.digest)).items).toEqual([])
  })

  it('accepts cosign’s attestations and signatures with a subject', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository)
    const predicateType = 'https://slsa.dev/provenance/v1'
    await putSignature(repository, digest, { form: 'cosign-attestation', envelope: Buffer.from('{}'), predicateType })
    const artifactType = 'application/vnd.cncf.notary.signature'
    const blobs = [{ mediaType: 'application/jose+json', content: Buffer.from('{}') }]
    await putSignature(repository, digest, { form: 'referrer', artifactType, blobs })
    const { items } = await listReferrers(repository, digest)
    expect(items).toMatchObject([
      { source: 'api', kind: 'signature' },
      { source: 'cosign-tag', kind: 'attestation', predicateTypes: [predicateType] },
    ])
  })
})

describe('a stored cosign signature', () => {
  const home = useHome(() => startRegistry())
  it('is an image that skopeo copies', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository)
    const placed = await putSignature(repository, digest, {
      form: 'cosign',
      payload: payloadFor(digest),
      signature: 'YQ==',
    })
    if (placed.form !== 'cosign') throw new Error(placed.form)
    const name = (to: string) => `docker://${repository.registry.publicHost}/${to}:${placed.tag}`
    const flags = ['--src-tls-verify=false', '--dest-tls-verify=false']
    await promisify(execFile)('skopeo', ['copy', '-q', ...flags, name(repository.name), name('copied/app')])
    const copied = home().registry.repository('copied/app' as typeof repository.name)
    expect(await digestAt(copied, placed.tag)).toBe(placed.digest)
  })
})
