import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { ManifestContent, Repository } from '../registry.ts'
import type { Candidate } from './candidate.ts'
import { documentOf, expectKind, imageFor, indexFor, pointerTo, rejection, tag, tagNames } from './samples.ts'

const ABSENT = digestOf('a manifest that nobody has put')

export function manifestsContract(candidate: () => Candidate): void {
  const kinds: readonly [string, (repository: Repository) => Promise<ManifestContent>][] = [
    ['oci-image', (repository) => imageFor(repository)],
    ['schema2', (repository) => imageFor(repository, { kind: 'docker' })],
    ['index', (repository) => indexFor(repository)],
    ['index', (repository) => indexFor(repository, 'docker')],
  ]

  it.each(kinds)('keeps every byte of a manifest of kind %s, by tag and by digest', async (kind, make) => {
    const repository = candidate().fresh()
    const made = await make(repository)
    // White space is insignificant to JSON and significant to the digest.
    const content = { ...made, bytes: Buffer.concat([made.bytes, Buffer.from(' \n\t\n')]) }
    const expected = pointerTo(content)
    expect(await repository.putManifest(tag('1.0'), content)).toMatchObject(expected)
    for (const reference of [tag('1.0'), expected.digest]) {
      expect(await repository.resolve(reference)).toMatchObject(expected)
      const manifest = await repository.manifest(reference)
      expect(manifest).toMatchObject({ kind, ...expected })
      expect(Buffer.from(manifest.bytes).equals(content.bytes)).toBe(true)
    }
  })

  it('stores an OCI artifact manifest if it stores any', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(!features.ociArtifact, 'the registry does not store this type')
    const repository = fresh()
    const blob = await repository.putBlob(Buffer.from('{"spdxVersion":"SPDX-2.3"}'))
    const blobs = [{ mediaType: 'application/spdx+json', ...blob }]
    const mediaType = MEDIA_TYPE.ociArtifact
    const content = documentOf(mediaType, { mediaType, artifactType: 'application/vnd.example', blobs })
    const { digest } = await repository.putManifest(tag('artifact'), content)
    expect(await repository.manifest(digest)).toMatchObject({ kind: 'oci-artifact', ...pointerTo(content) })
  })

  it('stores a document of an unknown type if it stores any', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(!features.unknownManifests, 'the registry refuses unknown types')
    const repository = fresh()
    const content = documentOf('application/vnd.example.future+json', { anything: ['goes'] })
    await repository.putManifest(tag('future'), content)
    const manifest = await repository.manifest(tag('future'))
    expect(manifest).toMatchObject({ kind: 'unknown', ...pointerTo(content) })
    expect(Buffer.from(manifest.bytes).equals(content.bytes)).toBe(true)
  })

  it('puts a manifest by digest without giving it a tag', async () => {
    const repository = candidate().fresh()
    const content = await imageFor(repository)
    const { digest } = pointerTo(content)
    await repository.putManifest(digest, content)
    expect(await repository.resolve(digest)).toMatchObject({ digest })
    expect(await tagNames(repository)).toEqual([])
  })

  it('refuses a manifest under another’s digest', async () => {
    const repository = candidate().fresh()
    await expectKind(repository.putManifest(ABSENT, await imageFor(repository)), 'digest-mismatch', 'invalid')
    await expectKind(repository.resolve(ABSENT), 'not-found')
  })

  it('keeps the required digest of a tagged manifest, or refuses it and writes nothing', async () => {
    const { features, fresh } = candidate()
    const repository = fresh()
    const content = await imageFor(repository)
    await expectKind(repository.putManifest(tag('1'), { ...content, digest: ABSENT }), 'digest-mismatch')
    const digest = digestOf(content.bytes, 'sha512')
    const put = repository.putManifest(tag('1'), { ...content, digest })
    if (!features.sha512) {
      await expectKind(put, 'unsupported')
      expect(await tagNames(repository)).toEqual([])
      return
    }
    expect(await put).toMatchObject({ digest })
    expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
    expect(await repository.manifest(tag('1'))).toMatchObject({ digest })
    expect(await repository.manifest(digest)).toMatchObject({ digest })
  })

  it('keeps annotations of any script, control characters and markup unchanged', async () => {
    const repository = candidate().fresh()
    const annotations = {
      title: 'naïve 日本語 🚢 \u202Egnp.exe',
      html: '<script>alert(1)</script>',
      lines: 'a\nb\u0000\u001b[31m',
      ['__proto__']: 'only a key',
    }
    await repository.putManifest(tag('1'), await imageFor(repository, { annotations }))
    const manifest = await repository.manifest(tag('1'))
    expect(Object.fromEntries(manifest.annotations)).toEqual(Object.fromEntries(Object.entries(annotations)))
  })

  it('throws not-found for an absent tag, digest and repository', async () => {
    const { fresh } = candidate()
    const repository = fresh()
    await repository.putManifest(tag('1'), await imageFor(repository))
    for (const reference of [tag('2'), ABSENT]) {
      await expectKind(repository.resolve(reference), 'not-found')
      await expectKind(repository.manifest(reference), 'not-found')
    }
    await expectKind(fresh().manifest(tag('1')), 'not-found')
    await expectKind(fresh().resolve(tag('1')), 'not-found')
  })

  it('returns a manifest only to a reader that accepts its type, or any', async () => {
    const { ociIndex, ociManifest, dockerList, dockerManifest } = MEDIA_TYPE
    for (const [, make] of kinds) {
      const repository = candidate().fresh()
      const content = await make(repository)
      const expected = pointerTo(content)
      await repository.putManifest(tag('1'), content)
      const others = [ociIndex, ociManifest, dockerList].filter((type) => type !== content.mediaType)
      for (const reference of [tag('1'), expected.digest]) {
        expect(await repository.manifest(reference, { accept: [content.mediaType, ...others] })).toMatchObject(expected)
        expect(await repository.manifest(reference, { accept: [content.mediaType] })).toMatchObject(expected)
        await expectKind(repository.manifest(reference, { accept: others }), 'not-found')
      }
      // A registry may replace an index by the image in it on a request by tag (distribution 2.8 does): that is
      // accepted.
      const { digest } = expected
      if (content.mediaType !== dockerManifest)
        await expectKind(repository.manifest(digest, { accept: [dockerManifest] }), 'not-found')
    }
  })

  it('moves a tag, and keeps both manifests', async () => {
    const repository = candidate().fresh()
    const [old, next] = [await imageFor(repository), await imageFor(repository)]
    await repository.putManifest(tag('latest'), old)
    await repository.putManifest(tag('latest'), next)
    expect(await repository.resolve(tag('latest'))).toMatchObject(pointerTo(next))
    expect(await repository.manifest(pointerTo(old).digest)).toMatchObject(pointerTo(old))
    expect(await tagNames(repository)).toEqual(['latest'])
  })

  it('overwrites a tag only when it still has the expected digest', async () => {
    const repository = candidate().fresh()
    const [old, next] = [await imageFor(repository), await imageFor(repository)]
    await repository.putManifest(tag('1'), old, { expect: null })
    await expectKind(repository.putManifest(tag('1'), next, { expect: null }), 'conflict')
    const error = await rejection(repository.putManifest(tag('1'), next, { expect: ABSENT }))
    expect(error).toMatchObject({ kind: 'conflict', expected: ABSENT, found: pointerTo(old).digest })
    expect(await repository.resolve(tag('1'))).toMatchObject(pointerTo(old))
    await repository.putManifest(tag('1'), next, { expect: pointerTo(old).digest })
    expect(await repository.resolve(tag('1'))).toMatchObject(pointerTo(next))
    await expectKind(repository.putManifest(tag('2'), next, { expect: pointerTo(next).digest }), 'conflict')
    expect(await tagNames(repository)).toEqual(['1'])
  })

  it('lets one of those who move or delete a tag at the same time do so, and tells the others that it has moved', async () => {
    const repository = candidate().fresh()
    const [old, next, other] = await Promise.all([1, 2, 3].map(() => imageFor(repository)))
    if (!old || !next || !other) throw new Error('no images')
    await repository.putManifest(tag('1'), old)
    const seen = pointerTo(old).digest
    const moves = [next, other, next]
    const ends = await Promise.allSettled([
      ...moves.map((to) => repository.putManifest(tag('1'), to, { expect: seen })),
      repository.deleteTag(tag('1'), { expect: seen, strategy: 'allow-replace' }),
    ])
    expect(ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.kind] : []))).toEqual(
      Array(moves.length).fill('conflict'),
    )
    const won = moves[ends.findIndex(({ status }) => status === 'fulfilled')]
    if (won) expect(await repository.resolve(tag('1'))).toMatchObject(pointerTo(won))
    else await expectKind(repository.resolve(tag('1')), 'not-found')
  })
}
