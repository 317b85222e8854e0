import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { collect } from '../listing.ts'
import type { DeletionJournal, DeletionRecord, ManifestContent, Repository } from '../registry.ts'
import type { Candidate } from './candidate.ts'
import { expectKind, imageFor, indexFor, pointerTo, rejection, tag, tagNames } from './samples.ts'

const ABSENT = digestOf('a manifest that nobody has put')

export function deletingContract(candidate: () => Candidate): void {
  const kinds: readonly [string, (repository: Repository) => Promise<ManifestContent>][] = [
    ['an OCI image', (repository) => imageFor(repository)],
    ['a schema 2 image', (repository) => imageFor(repository, { kind: 'docker' })],
    ['an OCI index', (repository) => indexFor(repository)],
    ['a Docker list', (repository) => indexFor(repository, 'docker')],
  ]
  const off = () => candidate().features.deletes === 'off'
  const NO_DELETES = 'the registry refuses deletions'

  /** Two tags on one image, a third on another. */
  const stocked = async (make = kinds[0]?.[1]) => {
    const repository = candidate().fresh()
    const content = make ? await make(repository) : await imageFor(repository)
    const other = await imageFor(repository)
    for (const name of ['1', '1.0']) await repository.putManifest(tag(name), content)
    await repository.putManifest(tag('2'), other)
    return { repository, content, digest: pointerTo(content).digest, other: pointerTo(other).digest }
  }

  it('says how a deletion would work, with evidence, and changes nothing to find out', async () => {
    const { features } = candidate()
    const { repository, digest, other } = await stocked()
    const deletes = await repository.deletes()
    for (const { evidence } of [deletes.manifest, deletes.tag]) expect(evidence).not.toBe('')
    if (features.deletes === 'off') {
      expect(deletes).toMatchObject({ manifest: { state: 'no' }, tagStrategy: 'none' })
      expect(deletes.advice).toBeTruthy()
    } else {
      expect(deletes.manifest.state).toBe('yes')
      expect(deletes.tagStrategy).not.toBe('none')
      if (features.tagStrategy) expect(deletes.tagStrategy).toBe(features.tagStrategy)
    }
    expect(await tagNames(repository)).toEqual(['1', '1.0', '2'])
    expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
    expect(await repository.resolve(tag('2'))).toMatchObject({ digest: other })
  })

  it.each(kinds)('deletes one tag of %s and keeps its sibling and the manifest', async (_name, make) => {
    const { repository, content, digest, other } = await stocked(make)
    const strategy = (await repository.deletes()).tagStrategy
    const deletion = await repository.deleteTag(tag('1'), { expect: digest, strategy: 'allow-replace' })
    if (off()) {
      expect(deletion.outcome).toBe('unsupported')
      expect(await tagNames(repository)).toEqual(['1', '1.0', '2'])
      expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
      return
    }
    expect(deletion.outcome).toBe(strategy === 'direct' ? 'deleted' : 'replaced-then-deleted')
    await expectKind(repository.resolve(tag('1')), 'not-found')
    expect(await tagNames(repository)).toEqual(['1.0', '2'])
    expect(await repository.resolve(tag('1.0'))).toMatchObject({ digest })
    expect(Buffer.from((await repository.manifest(digest)).bytes).equals(content.bytes)).toBe(true)
    expect(await repository.resolve(tag('2'))).toMatchObject({ digest: other })
    if (deletion.outcome === 'replaced-then-deleted')
      await expectKind(repository.resolve(deletion.placeholder), 'not-found')
  })

  it('replaces a tag only if allowed to', async () => {
    const { repository, digest } = await stocked()
    const { tagStrategy } = await repository.deletes()
    const { outcome } = await repository.deleteTag(tag('1'), { expect: digest, strategy: 'tag-only' })
    expect(outcome).toBe(tagStrategy === 'direct' ? 'deleted' : 'unsupported')
    expect(await tagNames(repository)).toEqual(tagStrategy === 'direct' ? ['1.0', '2'] : ['1', '1.0', '2'])
    expect(await repository.resolve(tag('1.0'))).toMatchObject({ digest })
  })

  it('deletes the last tag of a manifest', async ({ skip }) => {
    skip(off(), NO_DELETES)
    const { repository, other } = await stocked()
    await repository.deleteTag(tag('2'), { expect: other, strategy: 'allow-replace' })
    expect(await tagNames(repository)).toEqual(['1', '1.0'])
    await expectKind(repository.resolve(tag('2')), 'not-found')
  })

  it.each(['tag-only', 'allow-replace'] as const)('deletes no tag that has moved (%s)', async (strategy) => {
    const { repository, digest, other } = await stocked()
    const error = await rejection(repository.deleteTag(tag('1'), { expect: other, strategy }))
    expect(error).toMatchObject({ kind: 'conflict', expected: other, found: digest })
    expect(await tagNames(repository)).toEqual(['1', '1.0', '2'])
    expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
  })

  it('reports a tag that is already deleted', async () => {
    const { repository, digest } = await stocked()
    const deletion = repository.deleteTag(tag('gone'), { expect: digest, strategy: 'allow-replace' })
    await expectKind(deletion, 'not-found', 'conflict')
  })

  it('informs the journal before any change, with all that a restore needs', async ({ skip }) => {
    skip(off(), NO_DELETES)
    const { repository, content, digest } = await stocked()
    const events: string[] = []
    const records: DeletionRecord[] = []
    const journal: DeletionJournal = {
      async begin(record) {
        records.push(record)
        events.push((await repository.resolve(tag('1'))).digest === digest ? 'begin untouched' : 'begin too late')
        return {
          step: async (name) => void events.push(name),
          tookAlong: async () => {},
          end: async (outcome) => void events.push(`end ${outcome}`),
        }
      },
    }
    const { outcome } = await repository.deleteTag(tag('1'), { expect: digest, strategy: 'allow-replace', journal })
    expect([events.at(0), events.at(-1)]).toEqual(['begin untouched', `end ${outcome}`])
    const [record] = records
    if (!record) throw new Error('the journal got no record')
    expect(record).toMatchObject({ repository: repository.name, tag: '1', digest, mediaType: content.mediaType })
    await repository.putManifest(record.tag, record, { expect: null })
    expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
  })

  it('deletes a manifest with exactly the tags that were shown', async ({ skip }) => {
    skip(off(), NO_DELETES)
    const { repository, digest, other } = await stocked()
    await repository.deleteManifest(digest, { expectTags: [tag('1.0'), tag('1')] })
    expect(await tagNames(repository)).toEqual(['2'])
    await expectKind(repository.manifest(digest), 'not-found')
    expect(await repository.resolve(tag('2'))).toMatchObject({ digest: other })
  })

  it.each([[['1']], [['1', '1.0', '2']], [[]]])('deletes no manifest when its tags are not %j', async (names) => {
    const { repository, digest } = await stocked()
    const deletion = repository.deleteManifest(digest, { expectTags: names.map(tag) })
    await (off() ? expectKind(deletion, 'conflict', 'deletes-disabled') : expectKind(deletion, 'conflict'))
    expect(await tagNames(repository)).toEqual(['1', '1.0', '2'])
    expect(await repository.resolve(tag('1'))).toMatchObject({ digest })
  })

  it('deletes a manifest without tags, and reports a missing one', async ({ skip }) => {
    skip(off(), NO_DELETES)
    const { repository } = await stocked()
    const content = await imageFor(repository)
    const { digest } = await repository.putManifest(pointerTo(content).digest, content)
    await repository.deleteManifest(digest, { expectTags: [] })
    await expectKind(repository.resolve(digest), 'not-found')
    await expectKind(repository.deleteManifest(ABSENT, { expectTags: [] }), 'not-found')
    expect(await tagNames(repository)).toEqual(['1', '1.0', '2'])
  })

  it('refuses to delete a manifest where deletes are off', async ({ skip }) => {
    skip(!off(), 'deletes are on')
    const { repository, other } = await stocked()
    await expectKind(repository.deleteManifest(other, { expectTags: [tag('2')] }), 'deletes-disabled')
    expect((await collect(repository.tags())).items).toContain('2')
  })
}
