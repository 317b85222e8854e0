import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { collect } from '../listing.ts'
import type { ManifestContent, Repository } from '../registry.ts'
import type { Candidate } from './candidate.ts'
import { describeBytes, documentOf, imageFor, type Pointer, pointerTo, tag } from './samples.ts'

const SBOM = 'application/spdx+json'
const SIGNATURE = 'application/vnd.cncf.notary.signature'

export function referrersContract(candidate: () => Candidate): void {
  it('lists nothing for a manifest without referrers', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    expect(await collect(repository.referrers(subject.digest))).toEqual({ items: [], end: { complete: true } })
    expect(await collect(repository.referrers(digestOf('absent')))).toEqual({ items: [], end: { complete: true } })
  })

  it('lists a manifest’s referrers with type, size, artifact type and annotations', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    const other = await subjectIn(repository)
    const sbom = await put(repository, subject, SBOM, { 'org.example.format': 'SPDX 2.3' })
    await put(repository, other.subject, SBOM)
    const { items, end } = await collect(repository.referrers(subject.digest))
    expect(end).toEqual({ complete: true })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ ...sbom, artifactType: SBOM })
    expect(items[0]?.annotations?.get('org.example.format')).toBe('SPDX 2.3')
  })

  it('lists only one artifact type when asked', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    const sbom = await put(repository, subject, SBOM)
    const signature = await put(repository, subject, SIGNATURE)
    const digests = async (artifactType?: string) =>
      (await collect(repository.referrers(subject.digest, { artifactType }))).items
        .map(({ digest }) => digest)
        .toSorted()
    expect(await digests(SBOM)).toEqual([sbom.digest])
    expect(await digests(SIGNATURE)).toEqual([signature.digest])
    expect(await digests('application/vnd.example.none')).toEqual([])
    expect(await digests()).toEqual([sbom.digest, signature.digest].toSorted())
  })

  it('falls back to the config type for an image without an artifact type', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    const image = await imageFor(repository, { subject })
    await repository.putManifest(tag('about'), image)
    const { items } = await collect(repository.referrers(subject.digest))
    expect(items).toMatchObject([{ ...pointerTo(image), artifactType: MEDIA_TYPE.ociConfig }])
  })

  it('accepts a referrer before its subject exists', async () => {
    const repository = candidate().fresh()
    const image = await imageFor(repository)
    const sbom = await put(repository, pointerTo(image), SBOM)
    await repository.putManifest(tag('later'), image)
    const { items } = await collect(repository.referrers(pointerTo(image).digest))
    expect(items).toMatchObject([sbom])
  })

  it('stores signatures itself or says that it doesn’t', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    const store = await repository.signatures()
    expect(await store?.list(subject.digest)).toEqual(store && [])
  })

  it('loses none when several are put at the same time, and lists one that is put twice once', async () => {
    const { repository, subject } = await subjectIn(candidate().fresh())
    const documents = await Promise.all([0, 1, 2, 3].map((n) => referrer(repository, subject, SBOM, { n: `${n}` })))
    const twice = [...documents, ...documents.slice(0, 1)]
    await Promise.all(twice.map((document) => repository.putManifest(pointerTo(document).digest, document)))
    const { items } = await collect(repository.referrers(subject.digest))
    expect(items.map(({ digest }) => digest).toSorted()).toEqual(
      documents.map((each) => pointerTo(each).digest).toSorted(),
    )
  })
}

async function subjectIn(repository: Repository): Promise<{ repository: Repository; subject: Pointer }> {
  const image = await imageFor(repository)
  const subject = pointerTo(image)
  await repository.putManifest(tag(`subject-${subject.digest.slice(-8)}`), image)
  return { repository, subject }
}

async function put(
  repository: Repository,
  subject: Pointer,
  artifactType: string,
  annotations?: object,
): Promise<Pointer> {
  const document = await referrer(repository, subject, artifactType, annotations)
  await repository.putManifest(pointerTo(document).digest, document)
  return pointerTo(document)
}

async function referrer(
  repository: Repository,
  subject: Pointer,
  artifactType: string,
  annotations?: object,
): Promise<ManifestContent> {
  const empty = Buffer.from('{}')
  const content = Buffer.from(JSON.stringify({ about: subject.digest, artifactType }))
  await repository.putBlob(empty)
  await repository.putBlob(content)
  const mediaType = MEDIA_TYPE.ociManifest
  return documentOf(mediaType, {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: describeBytes(MEDIA_TYPE.ociEmpty, empty),
    layers: [describeBytes(artifactType, content)],
    subject,
    ...(annotations && { annotations }),
  })
}
