import { expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { collect } from '../listing.ts'
import type { Candidate } from './candidate.ts'
import { expectRefusal, imageFor, tag, tagNames } from './samples.ts'

const REPOSITORIES = [
  '..',
  '../escape',
  'a/../../b',
  '/etc',
  'a//b',
  'Upper',
  'a\0b',
  'a\nb',
  'a?b',
  'a%2fb',
  '',
  `${'a/'.repeat(130)}a`,
]
const TAGS = ['..', '../1', 'a/b', '.hidden', '-x', 'a\0', 'a\n', 'a b', 'a?b', '', 'x'.repeat(129)]
const DIGESTS = [
  'sha256:../../../x',
  'sha256:',
  `sha256:${'g'.repeat(64)}`,
  `sha256:${'A'.repeat(64)}`,
  `md5:${'0'.repeat(32)}`,
]

/** The types keep such names out of honest code; these calls are what a hole in a caller's check would make. */
export function namesContract(candidate: () => Candidate): void {
  it.each(REPOSITORIES)('refuses the repository name %j', async (name) => {
    const { registry } = candidate()
    await expectRefusal(async () => collect(registry.repository(name as RepositoryName).tags()))
    await expectRefusal(async () => registry.repository(name as RepositoryName).putBlob(Buffer.from('x')))
  })

  it.each(TAGS)('refuses the tag %j', async (name) => {
    const repository = candidate().fresh()
    const content = await imageFor(repository)
    await expectRefusal(() => repository.putManifest(name as Tag, content))
    await expectRefusal(() => repository.manifest(name as Tag))
    await expectRefusal(() => repository.deleteTag(name as Tag, { expect: '' as Digest, strategy: 'allow-replace' }))
    expect(await tagNames(repository)).toEqual([])
  })

  it.each(DIGESTS)('refuses the digest %j', async (text) => {
    const repository = candidate().fresh()
    await repository.putManifest(tag('1'), await imageFor(repository))
    const digest = text as Digest
    await expectRefusal(() => repository.manifest(digest))
    await expectRefusal(() => repository.blob(digest))
    await expectRefusal(() => repository.statBlob(digest))
    await expectRefusal(() => repository.putBlob(Buffer.from('x'), { digest }))
    await expectRefusal(() => repository.deleteBlob(digest))
    await expectRefusal(() => collect(repository.referrers(digest)))
    await expectRefusal(() => repository.mountBlob(digest, repository.name))
  })
}
