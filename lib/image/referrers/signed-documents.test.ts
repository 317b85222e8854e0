import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { describeHomes } from '../testing/homes.ts'
import { putArtifact, putImage } from '../testing/images.ts'
import { readSignedDocuments } from './signed-documents.ts'
import { NOTATION_COSE } from './testing/notation-cose.ts'

const IDENTITY = 'https://github.com/example/app/.github/workflows/release.yml@refs/heads/main'
const ISSUER = 'https://token.actions.githubusercontent.com'
let pem = ''
let der = ''
let plain = ''

/** Certificates as Fulcio and as an ordinary authority issue them, made by OpenSSL. */
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'lading-cert-'))
  const make = (name: string, config: string) => {
    writeFileSync(join(folder, 'c.cnf'), config)
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      join(folder, 'k.pem'),
    ]
    const out = join(folder, name)
    execFileSync('openssl', ['req', '-x509', ...key, '-days', '1', '-config', join(folder, 'c.cnf'), '-out', out], {
      stdio: 'pipe',
    })
    return readFileSync(out, 'utf8')
  }
  const head = '[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n'
  pem = make(
    'fulcio.pem',
    `${head}[dn]\nO=sigstore\n[ext]\nsubjectAltName=critical,URI:${IDENTITY}\n1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:${ISSUER}\n`,
  )
  plain = make('plain.pem', `${head}[dn]\nC=GB\nO=Example\nCN=ci\n[ext]\nkeyUsage=digitalSignature\n`)
  der = pem.replace(/-----[^-]+-----|\s/g, '')
  rmSync(folder, { recursive: true })
})

const sha256 = 'a'.repeat(64)
const statement = (predicateType: string, predicate: unknown) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app', digest: { sha256 } }],
  predicateType,
  predicate,
})
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

describeHomes('the documents of a referrer', (home) => {
  it('name the signer in a Sigstore bundle’s certificate, its issuer and the log entry', async () => {
    const repository = home().fresh()
    const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const bundle = {
      mediaType,
      verificationMaterial: {
        certificate: { rawBytes: der },
        tlogEntries: [{ logIndex: '12345', integratedTime: '1767225600' }],
      },
      dsseEnvelope: {
        payloadType: 'application/vnd.in-toto+json',
        payload: base64(
          statement('https://slsa.dev/provenance/v1', {
            buildDefinition: {
              buildType: 'https://actions.github.io/buildtypes/workflow/v1',
              externalParameters: {
                workflow: {
                  repository: 'https://github.com/example/app',
                  ref: 'refs/heads/main',
                  path: '.github/release.yml',
                },
              },
              resolvedDependencies: [
                { uri: 'git+https://github.com/example/app@refs/heads/main', digest: { gitCommit: 'c0ffee' } },
                { uri: 'pkg:docker/alpine@3.20', digest: { sha256 } },
              ],
            },
            runDetails: {
              builder: { id: 'https://github.com/actions/runner' },
              metadata: { startedOn: '2026-01-01T00:00:00Z', finishedOn: '2026-01-01T00:05:00Z' },
            },
          }),
        ),
        signatures: [{ sig: 'eA==' }],
      },
    }
    const artifact = await putArtifact(repository, [{ mediaType, content: JSON.stringify(bundle) }])
    const [document] = await readSignedDocuments(repository, artifact.digest)
    expect(document).toMatchObject({
      predicateType: 'https://slsa.dev/provenance/v1',
      subjects: [{ name: 'app', digest: `sha256:${sha256}` }],
      provenance: {
        builder: 'https://github.com/actions/runner',
        source: 'https://github.com/example/app@refs/heads/main',
        commit: 'c0ffee',
        entryPoint: '.github/release.yml',
        started: '2026-01-01T00:00:00Z',
        finished: '2026-01-01T00:05:00Z',
      },
      signatures: [
        {
          certificate: { identity: IDENTITY, issuer: ISSUER },
          logIndex: '12345',
          signed: '2026-01-01T00:00:00.000Z',
        },
      ],
    })
    expect(document?.provenance?.materials).toHaveLength(2)
  })

  it('read a cosign signature’s certificate from its layer’s annotations', async () => {
    const repository = home().fresh()
    const image = await putImage(repository)
    const content = JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'app' },
        image: { 'docker-manifest-digest': image.digest },
        type: 'x',
      },
    })
    const mediaType = 'application/vnd.dev.cosign.simplesigning.v1+json'
    const annotations = {
      'dev.cosignproject.cosign/signature': 'eA==',
      'dev.sigstore.cosign/certificate': pem,
      'dev.sigstore.cosign/bundle': JSON.stringify({ Payload: { integratedTime: 1767225600, logIndex: 7 } }),
    }
    const artifact = await putArtifact(repository, [{ mediaType, content, annotations }])
    const [document] = await readSignedDocuments(repository, artifact.digest)
    expect(document?.signatures).toMatchObject([{ certificate: { identity: IDENTITY, issuer: ISSUER }, logIndex: '7' }])
    expect(document?.content).toContain(image.digest)
  })

  it('name a key id, and the subject of an ordinary certificate in Notation’s JWS', async () => {
    const repository = home().fresh()
    const envelope = {
      payloadType: 'application/vnd.in-toto+json',
      payload: base64(statement('https://example.com/review/v1', { approved: true })),
      signatures: [{ keyid: 'SHA256:abc', sig: 'eA==' }],
    }
    const jws = {
      payload: Buffer.from(JSON.stringify({ targetArtifact: { digest: `sha256:${sha256}` } })).toString('base64url'),
      protected: Buffer.from(JSON.stringify({ 'io.cncf.notary.signingTime': '2026-02-03T04:05:06Z' })).toString(
        'base64url',
      ),
      header: { x5c: [plain.replace(/-----[^-]+-----|\s/g, '')] },
      signature: 'eA',
    }
    const artifact = await putArtifact(repository, [
      { mediaType: 'application/vnd.dsse.envelope.v1+json', content: JSON.stringify(envelope) },
      { mediaType: 'application/jose+json', content: JSON.stringify(jws) },
    ])
    const [dsse, notation] = await readSignedDocuments(repository, artifact.digest)
    expect(dsse).toMatchObject({
      predicateType: 'https://example.com/review/v1',
      signatures: [{ keyId: 'SHA256:abc' }],
    })
    expect(JSON.parse(dsse?.content ?? '')).toEqual({ approved: true })
    expect(notation?.signatures).toMatchObject([
      { certificate: { subject: 'CN=ci, O=Example, C=GB' }, signed: '2026-02-03T04:05:06.000Z' },
    ])
  })

  it('name the signer and the time in Notation’s COSE, with what it signs', async () => {
    const repository = home().fresh()
    const artifact = await putArtifact(repository, [
      { mediaType: 'application/cose', content: NOTATION_COSE },
      { mediaType: 'application/cose', content: NOTATION_COSE.subarray(0, 200) },
      { mediaType: 'application/cose', content: Buffer.alloc(100_000, 0x81) },
    ])
    const [cose, ...broken] = await readSignedDocuments(repository, artifact.digest)
    expect(cose?.signatures).toMatchObject([
      {
        certificate: { subject: 'CN=Notation Test EC Leaf Cert, O=Notary, L=Seattle, ST=WA, C=US' },
        signed: expect.stringMatching(/^2026-11-29T22:/),
      },
    ])
    expect(JSON.parse(cose?.content ?? '')).toMatchObject({ targetArtifact: { size: 16724 } })
    for (const { fault, signatures } of broken) {
      expect(fault).toMatchObject({ code: 'signature' })
      expect(signatures).toEqual([{}])
    }
  })

  it('report each one that can’t be read, beside the others', async () => {
    const repository = home().fresh()
    const mediaType = 'application/vnd.in-toto+json'
    const good = JSON.stringify(
      statement('https://slsa.dev/provenance/v0.2', { builder: { id: 'b' }, materials: 'odd' }),
    )
    const artifact = await putArtifact(repository, [
      { mediaType, content: '{"predicateType":' },
      { mediaType, content: good },
      { mediaType: 'application/vnd.in-toto+json', content: '[1]' },
    ])
    const [broken, whole, list] = await readSignedDocuments(repository, artifact.digest)
    expect(broken?.fault).toMatchObject({ code: 'json' })
    expect(whole).toMatchObject({ provenance: { builder: 'b', materials: [] }, signatures: [] })
    expect(list).toMatchObject({ subjects: [] })
  })
})
