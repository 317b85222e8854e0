import { expect, it } from 'vitest'
import { describeHomes } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { blobFile, entryOf, filesOf, madeImage, ociArchive, savedArchive } from '../testing/made-archives.ts'
import { loadArchive } from './load-archive.ts'

const alpine = madeImage('alpine')
const busybox = madeImage('busybox')
const saved = () =>
  savedArchive([
    { image: alpine, names: ['alpine:latest'] },
    { image: busybox, names: ['busybox:latest'] },
  ])

describeHomes('what an archive names', (home) => {
  it.each([false, true])('is refused for a tag that another of its images has, overwrite: %s', async (overwrite) => {
    const repository = home().fresh()
    await expect(loadArchive(repository, saved(), { overwrite })).rejects.toMatchObject({
      kind: 'exists',
      message: expect.stringMatching(/alpine:latest and busybox:latest/),
    })
    await expect(repository.resolve(tag('latest'))).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('succeeds where each has its own tag, and the same image may have one twice', async () => {
    const repository = home().fresh()
    const archive = savedArchive([{ image: alpine, names: ['alpine:1', 'other/alpine:1', 'alpine:2'] }])
    const { images: loaded } = await loadArchive(repository, archive)
    expect(loaded.map((image) => image.tag)).toEqual(['1', '1', '2'])
    expect((await repository.resolve(tag('1'))).digest).toBe(loaded[0]?.digest)
  })

  it('moves no tag when another image of the archive lacks its layer', async () => {
    const repository = home().fresh()
    const before = await putImage(repository, { tags: ['one'] })
    const lost = madeImage('lost')
    const entries = [entryOf(alpine.manifest, 'one'), entryOf(lost.manifest, 'two')]
    const files = [...filesOf(alpine), blobFile(lost.manifest), blobFile(lost.config)]
    await expect(loadArchive(repository, ociArchive(entries, files), { overwrite: true })).rejects.toMatchObject({
      kind: 'missing-content',
    })
    expect((await repository.resolve(tag('one'))).digest).toBe(before.digest)
  })

  it.each([false, true])('takes no tag that was pushed during the load, overwrite: %s', async (overwrite) => {
    const repository = home().fresh()
    const pushed = await putImage(repository)
    /** Another client's push comes right before ours. */
    const racing = new Proxy(repository, {
      get(target, property) {
        const value = Reflect.get(target, property, target)
        if (property !== 'putManifest') return typeof value === 'function' ? value.bind(target) : value
        return async (...args: Parameters<typeof repository.putManifest>) => {
          if (args[0] === tag('one')) await target.putManifest(tag('one'), pushed)
          return target.putManifest(...args)
        }
      },
    })
    const load = loadArchive(racing, ociArchive([entryOf(alpine.manifest, 'one')], filesOf(alpine)), { overwrite })
    await expect(load).rejects.toMatchObject({ kind: 'conflict' })
    expect((await repository.resolve(tag('one'))).digest).toBe(pushed.digest)
  })

  it('succeeds when somebody else put the same image there in the meantime', async () => {
    const repository = home().fresh()
    const load = () => loadArchive(repository, ociArchive([entryOf(alpine.manifest, 'one')], filesOf(alpine)))
    const both = await Promise.all([load(), load()])
    expect(new Set(both.flatMap(({ images }) => images.map(({ digest }) => digest))).size).toBe(1)
  })
})
