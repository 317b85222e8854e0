import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import {
  annotatedPlaceholder,
  type EmptyPlaceholder,
  emptyPlaceholder,
  type Placeholder,
  whiteSpacePlaceholder,
} from '../../registry/placeholder.ts'
import type { Repository } from '../../registry/registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestAt } from '../graph/digest-at.ts'
import { describeHomes, startRegistry, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { openJournal } from '../testing/journal.ts'
import { recoverDeletion } from './recover.ts'
import { restoreManifest } from './restore.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-journal-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a deletion whose process is killed', () => {
  const home = useHome(startRegistry)

  it.each([
    ['before anything was changed', 'begun', 'untouched'],
    ['after the tag was replaced, unnoted', 'before-replaced', 'finished'],
    ['after the tag was replaced', 'replaced', 'finished'],
    ['after the placeholder was deleted, unnoted', 'before-deleted', 'finished'],
    ['after the placeholder was deleted', 'deleted', 'finished'],
  ])('%s is finished, and the image and its siblings stay', async (_, step, outcome) => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const journal = join(folder, step)
    expect(await killAt(repository, image.digest, journal, { step })).toContain(`at ${step}`)
    const [entry] = await openJournal(journal).entries()
    expect(entry?.outcome).toBeUndefined()
    if (!entry) throw new Error('nothing was journalled')
    const { record, placeholders } = entry
    expect(await recoverDeletion(repository, record, { placeholders })).toMatchObject({ outcome, putBack: false })
    await expectSound(repository, image.digest, placeholders, outcome === 'finished')
    // Once more changes nothing.
    expect(await recoverDeletion(repository, record, { placeholders })).toMatchObject({ outcome })
  })

  it('at any other moment is finished, too', { timeout: 60_000 }, async () => {
    for (const delay of [1, 5, 12]) {
      const repository = home().fresh()
      const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
      const journal = join(folder, `delay-${delay}`)
      await killAt(repository, image.digest, journal, { delay })
      const entries = await openJournal(journal).entries()
      for (const { record, placeholders } of entries) await recoverDeletion(repository, record, { placeholders })
      await expectSound(repository, image.digest, entries[0]?.placeholders ?? [], undefined)
    }
  })

  it('on a registry that took siblings along puts those back', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'moved', 'sibling'] })
    const { digest, mediaType, bytes } = image
    const tags = [tag('1.0'), tag('moved'), tag('sibling')]
    await repository.deleteManifest(digest, { expectTags: tags })
    const other = await putImage(repository, { tags: ['moved'] })
    const record = { registry: 'r', repository: repository.name, tag: tag('1.0'), digest, mediaType, bytes }
    const recovery = await recoverDeletion(repository, record, { tookAlong: tags.slice(1) })
    expect(recovery).toMatchObject({ outcome: 'finished', note: '1.0 is deleted; sibling was put back' })
    const now = await Promise.all(tags.map((one) => digestAt(repository, one)))
    expect(now).toEqual([undefined, other.digest, digest])
  })

  const makers: readonly [string, (original: Manifest) => Placeholder | EmptyPlaceholder | undefined][] = [
    ['white space', whiteSpacePlaceholder],
    ['an annotation', annotatedPlaceholder],
    ['an empty image', emptyPlaceholder],
  ]

  it.each(makers)('is finished when only the manifest on the tag reveals the placeholder: %s', async (_, make) => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const placeholder = make(image)
    if (!placeholder) throw new Error('none')
    if ('config' in placeholder) await repository.putBlob(placeholder.config)
    await repository.putManifest(tag('1.0'), placeholder)
    // As where the registry gave it a digest of its own, which nobody came to note.
    const record = { registry: 'r', repository: repository.name, tag: tag('1.0'), ...image }
    expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished', putBack: false })
    await expectSound(repository, image.digest, [placeholder.digest], true)
  })

  it.each([
    ['before its placeholder is read', { method: 'GET', path: '/manifests/sha256:' }],
    ['while the tags are listed', { method: 'GET', path: '/tags/list' }],
  ] as const)('is finished when its last request arrives late, %s', async (_, request) => {
    const direct = home().fresh()
    const image = await putImage(direct, { tags: ['1.0', 'sibling'] })
    const placeholder = whiteSpacePlaceholder(image)
    await direct.putManifest(tag('1.0'), placeholder)
    await using proxy = await startFaultProxy(direct.registry.location)
    const run = () => direct.deleteManifest(placeholder.digest, { expectTags: [tag('1.0')] })
    proxy.on({ ...request, nth: 1, fault: { kind: 'run', run } })
    const repository = createHttpRegistry({ name: 'late', url: proxy.url }).repository(direct.name)
    const record = {
      registry: 'r',
      repository: direct.name,
      tag: tag('1.0'),
      ...image,
      placeholder: placeholder.digest,
    }
    expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished', putBack: false })
    await expectSound(direct, image.digest, [placeholder.digest], true)
  })

  it('leaves what somebody has pushed meanwhile', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const journal = join(folder, 'pushed')
    await killAt(repository, image.digest, journal, { step: 'replaced' })
    const theirs = await putImage(repository, { tags: ['1.0'] })
    const [entry] = await openJournal(journal).entries()
    if (!entry) throw new Error('nothing was journalled')
    const recovery = await recoverDeletion(repository, entry.record, entry)
    expect(recovery).toMatchObject({ outcome: 'moved', found: theirs.digest })
    expect(await digestAt(repository, tag('1.0'))).toBe(theirs.digest)
    for (const placeholder of entry.placeholders) expect(await digestAt(repository, placeholder)).toBeUndefined()
  })
})

describeHomes('a deletion of an image that was broken off', (home) => {
  it('isn’t undone if the image is missing, and a lost original of a tag is restored', async () => {
    const repository = home().fresh()
    const { digest, mediaType, bytes } = await putImage(repository, { tags: ['1.0'] })
    const kept = { registry: 'r', repository: repository.name, digest, mediaType, bytes }
    const record = { ...kept, tag: tag('1.0') }
    expect(await recoverDeletion(repository, { ...kept, tags: [tag('1.0')] })).toMatchObject({ outcome: 'untouched' })
    await repository.deleteManifest(digest, { expectTags: [tag('1.0')] })
    const image = await recoverDeletion(repository, { ...kept, tags: [tag('1.0')] })
    expect(image).toMatchObject({ outcome: 'finished', putBack: false })
    expect(await digestAt(repository, digest)).toBeUndefined()
    expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished', putBack: true })
    expect(await digestAt(repository, digest)).toBe(digest)
  })
})

describeHomes('restoring', (home) => {
  it('restores a deleted image under the identical digest', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'latest'] })
    await repository.deleteManifest(image.digest, { expectTags: [tag('1.0'), tag('latest')] })
    const tags = [tag('1.0'), tag('latest')]
    expect(await restoreManifest(repository, image, tags)).toEqual({ digest: image.digest, tags, left: [] })
    expect((await repository.manifest(tag('latest'))).bytes).toEqual(image.bytes)
    expect(await digestAt(repository, tag('1.0'))).toBe(image.digest)
  })

  it('leaves a tag that is in use again, names it, and restores the others', async () => {
    const repository = home().fresh()
    const old = await putImage(repository, { tags: ['0.9', '1.0'] })
    await repository.deleteManifest(old.digest, { expectTags: [tag('0.9'), tag('1.0')] })
    const { digest } = await putImage(repository, { tags: ['1.0'] })
    expect(await restoreManifest(repository, old, [tag('1.0'), tag('0.9')])).toEqual({
      digest: old.digest,
      tags: [tag('0.9')],
      left: [{ tag: tag('1.0'), digest }],
    })
    expect(await digestAt(repository, tag('1.0'))).toBe(digest)
    expect((await repository.manifest(tag('0.9'))).bytes).toEqual(old.bytes)
  })

  it('restores an image whose tags are all in use again under its digest, and refuses one that is still there', async () => {
    const repository = home().fresh()
    const old = await putImage(repository, { tags: ['1.0'] })
    await repository.deleteManifest(old.digest, { expectTags: [tag('1.0')] })
    const { digest } = await putImage(repository, { tags: ['1.0'] })
    const left = [{ tag: tag('1.0'), digest }]
    expect(await restoreManifest(repository, old, [tag('1.0')])).toEqual({ digest: old.digest, tags: [], left })
    expect((await repository.manifest(old.digest)).bytes).toEqual(old.bytes)
    expect(await digestAt(repository, tag('1.0'))).toBe(digest)
    const again = restoreManifest(repository, old, [tag('1.0')])
    await expect(again).rejects.toMatchObject({ kind: 'conflict', found: digest })
  })

  it('leaves a tag that is pushed during the restore', async () => {
    const direct = home().fresh()
    const old = await putImage(direct, { tags: ['0.9', '1.0'] })
    await direct.deleteManifest(old.digest, { expectTags: [tag('0.9'), tag('1.0')] })
    const theirs = await putImage(direct)
    const putManifest: typeof direct.putManifest = async (reference, content, options) => {
      if (reference === tag('1.0')) await direct.putManifest(tag('1.0'), theirs)
      return direct.putManifest(reference, content, options)
    }
    const repository = new Proxy(direct, {
      get(of, name) {
        if (name === 'putManifest') return putManifest
        const value = Reflect.get(of, name)
        return typeof value === 'function' ? value.bind(of) : value
      },
    })
    const left = [{ tag: tag('1.0'), digest: theirs.digest }]
    expect(await restoreManifest(repository, old, [tag('0.9'), tag('1.0')])).toMatchObject({ tags: [tag('0.9')], left })
    expect(await digestAt(direct, tag('1.0'))).toBe(theirs.digest)
  })

  it('resumes an interrupted restore, and restores an untagged image under its digest', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0'] })
    expect(await restoreManifest(repository, image, [tag('1.0'), tag('latest')])).toMatchObject({ left: [] })
    expect(await digestAt(repository, tag('latest'))).toBe(image.digest)
    const bare = await putImage(repository)
    await repository.deleteManifest(bare.digest, { expectTags: [] })
    expect(await restoreManifest(repository, bare, [])).toEqual({ digest: bare.digest, tags: [], left: [] })
    expect(await digestAt(repository, bare.digest)).toBe(bare.digest)
  })

  it('names the missing content and writes nothing', async () => {
    const repository = home().fresh()
    const image = await putImage(home().fresh())
    const elsewhere = {
      ...image,
      bytes: Buffer.from(
        Buffer.from(image.bytes)
          .toString()
          .replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:00000000'),
      ),
    }
    const restoring = restoreManifest(repository, elsewhere, [tag('1.0')])
    await expect(restoring).rejects.toMatchObject({
      kind: 'missing-content',
      expected: expect.stringContaining('sha256:00000000'),
    })
    expect(await digestAt(repository, tag('1.0'))).toBeUndefined()
  })
})

async function expectSound(
  repository: Repository,
  digest: Digest,
  placeholders: readonly Digest[],
  gone: boolean | undefined,
): Promise<void> {
  expect(await digestAt(repository, digest)).toBe(digest)
  expect(await digestAt(repository, tag('sibling'))).toBe(digest)
  const found = await digestAt(repository, tag('1.0'))
  if (gone === undefined) expect([undefined, digest]).toContain(found)
  else expect(found).toBe(gone ? undefined : digest)
  for (const placeholder of placeholders) expect(await digestAt(repository, placeholder)).toBeUndefined()
}

/** Runs a deletion of `1.0` in a process of its own and kills it at a step or some milliseconds after its start. */
async function killAt(
  repository: Repository,
  digest: Digest,
  journal: string,
  at: { step: string } | { delay: number },
): Promise<string> {
  const script = join(import.meta.dirname, '..', 'testing', 'delete-and-hang.ts')
  const step = 'step' in at ? at.step : 'never'
  const child = spawn(
    process.execPath,
    [script, repository.registry.location, repository.name, '1.0', digest, journal, step],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  const reached = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('step' in at ? `at ${at.step}` : 'started')) resolve()
    })
    child.on('exit', () => resolve())
  })
  const exited = new Promise((resolve) => child.on('exit', resolve))
  await reached
  if ('delay' in at) await wait(at.delay)
  child.kill('SIGKILL')
  await exited
  return output
}
