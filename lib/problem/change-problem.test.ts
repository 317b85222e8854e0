import { describe, expect, it } from 'vitest'
import { type DeletionFacts, deletionBlock, movedProblem } from './change-problem.ts'

const deletable: DeletionFacts = {
  readOnly: false,
  tagStrategy: 'direct',
  tagEvidence: 'tag deletes are off',
  canDeleteManifest: true,
  manifestEvidence: 'manifest deletes are off',
  indexes: [],
}
const index = { digest: `sha256:${'a'.repeat(64)}`, tags: ['1.0', 'latest'] }

describe('deletionBlock', () => {
  it('allows a deletion that nothing prevents', () => {
    expect(deletionBlock(deletable, 'tag', false)).toBeUndefined()
    expect(deletionBlock(deletable, 'image', false)).toBeUndefined()
  })

  it('puts read-only before every other reason', () => {
    const facts: DeletionFacts = { ...deletable, readOnly: true, tagStrategy: 'none' }
    expect(deletionBlock(facts, 'tag', false)?.code).toBe('access.read-only')
  })

  it('says for each scope what the registry can’t delete', () => {
    const facts: DeletionFacts = { ...deletable, tagStrategy: 'none', advice: 'Turn it on.' }
    expect(deletionBlock(facts, 'tag', false)).toMatchObject({ detail: 'tag deletes are off', advice: 'Turn it on.' })
    expect(deletionBlock(facts, 'image', false)).toBeUndefined()
  })

  it('refuses an image with unknown tags, but not a single tag', () => {
    const facts: DeletionFacts = { ...deletable, incomplete: '3 tags could not be read' }
    expect(deletionBlock(facts, 'image', true)?.detail).toBe('3 tags could not be read')
    expect(deletionBlock(facts, 'tag', false)).toBeUndefined()
  })

  it('names the tags that need the image, until that is confirmed', () => {
    const facts: DeletionFacts = { ...deletable, indexes: [index, { digest: index.digest, tags: [] }] }
    expect(deletionBlock(facts, 'image', false)?.detail).toBe(
      'Pulling 1.0, latest, sha256:aaaaaaaaaaaa for this platform would fail.',
    )
    expect(deletionBlock(facts, 'image', true)).toBeUndefined()
  })

  it('names at most twelve tags, and counts the others', () => {
    const tags = Array.from({ length: 15 }, (_, position) => `t${position}`)
    const facts: DeletionFacts = { ...deletable, indexes: [{ ...index, tags }] }
    expect(deletionBlock(facts, 'image', false)?.detail).toContain('t11 and 3 more')
  })
})

it('carries both digests of a tag that has moved', () => {
  expect(movedProblem('latest', 'sha256:a', 'sha256:b')).toMatchObject({ expected: 'sha256:a', found: 'sha256:b' })
})
