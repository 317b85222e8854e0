import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { annotatedStandIn, type Dummy, dummyStandIn, type StandIn, whiteSpaceStandIn } from '../../registry/stand-in.ts'
import { openFileJournal } from '../../store/file-journal.ts'
import { digestAt } from '../graph/digest-at.ts'
import { describeHomes, startRegistry, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
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
    ['after the stand-in was deleted, unnoted', 'before-deleted', 'finished'],
    ['after the stand-in was deleted', 'deleted', 'finished'],
  ])('%s is ended, and the image and its siblings stay', async (_, step, outcome) => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const journal = join(folder, step)
    expect(await killAt(repository, image.digest, journal, { step })).toContain(`at ${step}`)
    const [entry] = await openFileJournal(journal).entries()
    expect(entry?.outcome).toBeUndefined()
    if (!entry) throw new Error('nothing was journalled')
    const { record, standIns } = entry
    expect(await recoverDeletion(repository, record, { standIns })).toMatchObject({ outcome, putBack: false })
    await expectSound(repository, image.digest, standIns, outcome === 'finished')
    // Once more changes nothing.
    expect(await recoverDeletion(repository, record, { standIns })).toMatchObject({ outcome })
  })

  it('at any other moment is ended, too', async () => {
    for (const delay of [1, 5, 12]) {
      const repository = home().fresh()
      const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
      const journal = join(folder, `delay-${delay}`)
      await killAt(repository, image.digest, journal, { delay })
      const entries = await openFileJournal(journal).entries()
      for (const { record, standIns } of entries) await recoverDeletion(repository, record, { standIns })
      await expectSound(repository, image.digest, entries[0]?.standIns ?? [], undefined)
    }
  })

  const makers: readonly [string, (original: Manifest) => StandIn | Dummy | undefined][] = [
    ['white space', whiteSpaceStandIn],
    ['an annotation', annotatedStandIn],
    ['an empty image', dummyStandIn],
  ]

  it.each(makers)('is ended where only the manifest on the tag tells that it stands in: %s', async (_, make) => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const standIn = make(image)
    if (!standIn) throw new Error('none')
    if ('config' in standIn) await repository.putBlob(standIn.config)
    await repository.putManifest(tag('1.0'), standIn)
    // As where the registry gave it a digest of its own, which nobody came to note.
    const record = { registry: 'r', repository: repository.name, tag: tag('1.0'), ...image }
    expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished', putBack: false })
    await expectSound(repository, image.digest, [standIn.digest], true)
  })

  it('leaves what someone has pushed meanwhile', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'sibling'] })
    const journal = join(folder, 'pushed')
    await killAt(repository, image.digest, journal, { step: 'replaced' })
    const theirs = await putImage(repository, { tags: ['1.0'] })
    const [entry] = await openFileJournal(journal).entries()
    if (!entry) throw new Error('nothing was journalled')
    const recovery = await recoverDeletion(repository, entry.record, entry)
    expect(recovery).toMatchObject({ outcome: 'moved', found: theirs.digest })
    expect(await digestAt(repository, tag('1.0'))).toBe(theirs.digest)
    for (const standIn of entry.standIns) expect(await digestAt(repository, standIn)).toBeUndefined()
  })
})

describeHomes('a deletion of an image that was broken off', (home) => {
  it('is not undone where the image has gone, and a lost original of a tag is put back', async () => {
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

describe('a journal of deletions', () => {
  it('keeps what it was told, and passes over a line that a crash cut off', async () => {
    const path = join(folder, 'own')
    const journal = openFileJournal(path)
    expect(await journal.entries()).toEqual([])
    const { record } = sample()
    const entry = await journal.begin(record)
    await entry.step('replaced', sample().other)
    const [file] = await readdir(path)
    await appendFile(join(path, file ?? ''), '{"end":"dele')
    expect(await openFileJournal(path).entries()).toMatchObject([{ record, standIns: [sample().other] }])
    expect((await journal.entries())[0]?.outcome).toBeUndefined()
    const [known] = await journal.entries()
    await journal.close(known?.id ?? '', 'restored')
    expect((await journal.entries())[0]?.outcome).toBe('restored')
    await journal.forget(known?.id ?? '')
    expect(await journal.entries()).toEqual([])
  })
})

describe('a journal of deletions of images', () => {
  it('keeps one without tags, finds it by its name, and takes no other name for a file', async () => {
    const path = join(folder, 'images')
    const journal = openFileJournal(path)
    const { tag: _, ...manifest } = sample().record
    const { id, end } = await journal.begin({ ...manifest, tags: [] })
    await end('deleted')
    expect(await openFileJournal(path).entry(id)).toMatchObject({
      record: { ...manifest, tags: [] },
      outcome: 'deleted',
    })
    await writeFile(join(path, 'other.jsonl'), '{"registry":"r","mediaType":"m","bytes":"","repository":"../x"}\n')
    expect(await journal.entries()).toHaveLength(1)
    for (const name of ['other', `../images/${id}`, '', `${id}/..`]) expect(await journal.entry(name)).toBeUndefined()
  })
})

describeHomes('restoring', (home) => {
  it('puts a deleted image back under the identical digest', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0', 'latest'] })
    await repository.deleteManifest(image.digest, { expectTags: [tag('1.0'), tag('latest')] })
    expect(await restoreManifest(repository, image, [tag('1.0'), tag('latest')])).toBe(image.digest)
    expect((await repository.manifest(tag('latest'))).bytes).toEqual(image.bytes)
    expect(await digestAt(repository, tag('1.0'))).toBe(image.digest)
  })

  it('takes no tag that has been used again', async () => {
    const repository = home().fresh()
    const old = await putImage(repository)
    const taken = await putImage(repository, { tags: ['1.0'] })
    const restoring = restoreManifest(repository, old, [tag('0.9'), tag('1.0')])
    await expect(restoring).rejects.toMatchObject({ kind: 'conflict', found: taken.digest })
    expect(await digestAt(repository, tag('1.0'))).toBe(taken.digest)
    expect(await digestAt(repository, tag('0.9'))).toBeUndefined()
  })

  it('goes on where it was broken off, and brings an image without tags back under its digest', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { tags: ['1.0'] })
    expect(await restoreManifest(repository, image, [tag('1.0'), tag('latest')])).toBe(image.digest)
    expect(await digestAt(repository, tag('latest'))).toBe(image.digest)
    const bare = await putImage(repository)
    await repository.deleteManifest(bare.digest, { expectTags: [] })
    expect(await restoreManifest(repository, bare, [])).toBe(bare.digest)
    expect(await digestAt(repository, bare.digest)).toBe(bare.digest)
  })

  it('names the content that is gone and writes nothing', async () => {
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
  standIns: readonly Digest[],
  gone: boolean | undefined,
): Promise<void> {
  expect(await digestAt(repository, digest)).toBe(digest)
  expect(await digestAt(repository, tag('sibling'))).toBe(digest)
  const found = await digestAt(repository, tag('1.0'))
  if (gone === undefined) expect([undefined, digest]).toContain(found)
  else expect(found).toBe(gone ? undefined : digest)
  for (const standIn of standIns) expect(await digestAt(repository, standIn)).toBeUndefined()
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

function sample() {
  const digest = (character: string) => parseDigest(`sha256:${character.repeat(64)}`)
  const record = {
    registry: 'r',
    repository: parseRepositoryName('team/app'),
    tag: tag('1.0'),
    digest: digest('a'),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    bytes: Buffer.from('{"odd":  true}\n'),
  }
  return { record, other: digest('b') }
}
