import { expect, it } from 'vitest'
import type { Descriptor } from '../oci/descriptor.ts'
import { digestOf } from '../oci/digester.ts'
import { claimOfPayloads } from './signed-payloads.ts'
import { describeHomes } from './testing/homes.ts'

const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
const subject = digestOf('subject')
const payloadFor = (digest: string) => JSON.stringify({ critical: { image: { 'docker-manifest-digest': digest } } })

describeHomes('what signatures say they are about', (home) => {
  async function claimOf(...payloads: readonly string[]) {
    const repository = home().fresh()
    const parts: Descriptor[] = []
    for (const payload of payloads)
      parts.push({ ...(await repository.putBlob(Buffer.from(payload))), mediaType: SIMPLE_SIGNING })
    return claimOfPayloads(repository, subject, parts)
  }

  it('is the manifest they are listed under, or another one: one such flags them all', async () => {
    expect(await claimOf(payloadFor(subject), payloadFor(subject))).toBe('about-subject')
    expect(await claimOf(payloadFor(digestOf('another')))).toBe('about-another')
    expect(await claimOf(payloadFor(subject), payloadFor(digestOf('another')))).toBe('about-another')
  })

  it('is unreadable where the document is broken, too large or missing', async () => {
    expect(await claimOf('{"critical":')).toBe('unreadable')
    expect(await claimOf('{"critical":{"image":"latest"}}')).toBe('unreadable')
    expect(await claimOf(payloadFor(subject) + ' '.repeat(64 * 1024))).toBe('unreadable')
    const missing = { mediaType: SIMPLE_SIGNING, digest: digestOf('missing'), size: 7 }
    expect(await claimOfPayloads(home().fresh(), subject, [missing])).toBe('unreadable')
  })

  it('is not asked of what is no such document', async () => {
    const other = { mediaType: 'application/jose+json', digest: digestOf('missing'), size: 7 }
    expect(await claimOfPayloads(home().fresh(), subject, [other])).toBeUndefined()
  })
})
