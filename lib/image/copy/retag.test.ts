import { expect, it } from 'vitest'
import { digestAt } from '../graph/digest-at.ts'
import { describeHomes } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { retag } from './retag.ts'

describeHomes('retagging', (home) => {
  it('puts identical bytes under a new tag and keeps the old one', async () => {
    const repository = home().fresh()
    // White space that a parser would lose shows that the bytes are the same ones.
    const image = await putImage(repository, { tags: ['1.0'], docker: true })
    const bytes = Buffer.concat([image.bytes, Buffer.from('\n  ')])
    const { digest } = await repository.putManifest(tag('odd'), { mediaType: image.mediaType, bytes })
    expect(await retag(repository, { from: tag('odd'), to: tag('stable'), expect: null })).toEqual({ digest })
    expect((await repository.manifest(tag('stable'))).bytes).toEqual(new Uint8Array(bytes))
    expect(await digestAt(repository, tag('odd'))).toBe(digest)
    expect(await digestAt(repository, tag('1.0'))).toBe(image.digest)
  })

  it('overwrites a tag only if it still points at what was shown', async () => {
    const repository = home().fresh()
    const old = await putImage(repository, { tags: ['stable'] })
    const next = await putImage(repository, { tags: ['2.0'] })
    const blind = retag(repository, { from: tag('2.0'), to: tag('stable'), expect: null })
    await expect(blind).rejects.toMatchObject({ kind: 'conflict', found: old.digest })
    expect(await digestAt(repository, tag('stable'))).toBe(old.digest)
    const seen = await retag(repository, { from: next.digest, to: tag('stable'), expect: old.digest })
    expect(seen).toEqual({ digest: next.digest, previous: old.digest })
    const late = retag(repository, { from: old.digest, to: tag('stable'), expect: old.digest })
    await expect(late).rejects.toMatchObject({ kind: 'conflict', expected: old.digest, found: next.digest })
    expect(await digestAt(repository, tag('stable'))).toBe(next.digest)
  })

  it('writes nothing when the tag already exists', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository, { tags: ['1.0', 'stable'] })
    const result = await retag(repository, { from: tag('1.0'), to: tag('stable'), expect: digest })
    expect(result).toEqual({ digest, previous: digest, unchanged: true })
    await expect(retag(repository, { from: digest, to: tag('absent'), expect: digest })).rejects.toMatchObject({
      kind: 'conflict',
    })
  })

  it('throws not-found for a missing source', async () => {
    const call = retag(home().fresh(), { from: tag('nothing'), to: tag('x'), expect: null })
    await expect(call).rejects.toMatchObject({ kind: 'not-found' })
  })
})
