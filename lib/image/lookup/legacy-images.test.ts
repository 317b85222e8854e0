import { expect, it } from 'vitest'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { legacyImages, v1ManifestOf } from './legacy-images.ts'

const AMD64 = { os: 'linux', architecture: 'amd64' }

describeHomes('the v1 images of a repository', (home) => {
  it('names every tag that has one, with its parents', async () => {
    const repository = home().fresh()
    const layers = ['a', 'b', 'c'].map((text) => Buffer.from(text))
    const image = await putImage(repository, { tags: ['one'], layers })
    await putIndex(repository, [pointerTo(image, { platform: AMD64 })], { tags: ['multi'] })
    await putArtifact(repository, [{ mediaType: 'text/plain', content: 'x' }], { tags: ['artifact'] })
    const found = new Map()
    for await (const { tag: name, ...rest } of legacyImages(repository)) found.set(name, rest)
    expect([...found.keys()].sort()).toEqual(['multi', 'one'])
    expect(found.get('one').parents).toHaveLength(2)
    expect(found.get('multi')).toEqual(found.get('one'))
    const v1 = await v1ManifestOf(repository, image, tag('one'))
    expect(v1?.document).toMatchObject({ name: repository.name, tag: 'one' })
    const newest = v1?.document.layers.at(-1)?.v1Compatibility ?? '{}'
    expect(JSON.parse(newest).id).toBe(found.get('one').id)
  })
})
