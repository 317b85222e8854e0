import { expect, it } from 'vitest'
import type { Descriptor } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { describeHomes } from '../testing/homes.ts'
import { claimOfPayloads } from './signed-payloads.ts'
import { NOTATION_COSE } from './testing/notation-cose.ts'

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

  it('is the manifest they are listed under, or another one: one mismatch flags them all', async () => {
    expect(await claimOf(payloadFor(subject), payloadFor(subject))).toBe('about-subject')
    expect(await claimOf(payloadFor(digestOf('another')))).toBe('about-another')
    expect(await claimOf(payloadFor(subject), payloadFor(digestOf('another')))).toBe('about-another')
  })

  it('is unreadable if the document is broken, too large or missing', async () => {
    expect(await claimOf('{"critical":')).toBe('unreadable')
    expect(await claimOf('{"critical":{"image":"latest"}}')).toBe('unreadable')
    expect(await claimOf(payloadFor(subject) + ' '.repeat(64 * 1024))).toBe('unreadable')
    const missing = { mediaType: SIMPLE_SIGNING, digest: digestOf('missing'), size: 7 }
    expect(await claimOfPayloads(home().fresh(), subject, [missing])).toBe('unreadable')
  })

  const statement = (...digests: readonly object[]) =>
    JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: digests.map((digest) => ({ digest })) })
  const hex = subject.slice('sha256:'.length)
  const envelope = (payload: string, payloadType = 'application/vnd.in-toto+json') => ({
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
  })
  const target = (digest: string) => Buffer.from(JSON.stringify({ targetArtifact: { digest } })).toString('base64url')

  it.each([
    ['a statement', 'application/vnd.in-toto+json', statement({ sha256: hex }), 'about-subject'],
    ['one about several', 'application/vnd.in-toto+json', statement({ sha1: 'a' }, { sha256: hex }), 'about-subject'],
    ['one about another', 'application/vnd.in-toto+json', statement({ sha256: 'b'.repeat(64) }), 'about-another'],
    ['one about no manifest', 'application/vnd.in-toto+json', statement({ gitCommit: hex }), 'unreadable'],
    ['one about nothing', 'application/vnd.in-toto+json', '{}', 'unreadable'],
    [
      'a DSSE envelope',
      'application/vnd.dsse.envelope.v1+json',
      JSON.stringify(envelope(statement({ sha256: 'b'.repeat(64) }))),
      'about-another',
    ],
    [
      'an envelope around something else',
      'application/vnd.dsse.envelope.v1+json',
      JSON.stringify(envelope('text', 'text/plain')),
      'unreadable',
    ],
    [
      'a Sigstore bundle',
      'application/vnd.dev.sigstore.bundle.v0.3+json',
      JSON.stringify({ dsseEnvelope: envelope(statement({ sha256: hex })) }),
      'about-subject',
    ],
    [
      'a bundle that signs bytes and names nothing',
      'application/vnd.dev.sigstore.bundle.v0.3+json',
      JSON.stringify({ messageSignature: {} }),
      undefined,
    ],
    ['Notation’s JWS', 'application/jose+json', JSON.stringify({ payload: target(subject) }), 'about-subject'],
    ['a JWS of another', 'application/jose+json', JSON.stringify({ payload: target(digestOf('x')) }), 'about-another'],
    ['a JWS without a payload', 'application/jose+json', '{}', 'unreadable'],
    ['Notation’s COSE of another', 'application/cose', NOTATION_COSE, 'about-another'],
    ['a COSE that isn’t CBOR', 'application/cose', 'whatever', 'unreadable'],
    ['a document of another kind', 'application/pdf', 'whatever', undefined],
  ])('is read from %s', async (_, mediaType, content, claim) => {
    const repository = home().fresh()
    const blob = await repository.putBlob(Buffer.from(content))
    expect(await claimOfPayloads(repository, subject, [{ ...blob, mediaType }])).toBe(claim)
  })

  it('isn’t requested for large statements', async () => {
    const large = { mediaType: 'application/vnd.in-toto+json', digest: digestOf('missing'), size: 1024 * 1024 + 1 }
    expect(await claimOfPayloads(home().fresh(), subject, [large])).toBeUndefined()
  })
})
