import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { collect } from '../../registry/listing.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { copyImage } from '../copy/copy.ts'
import { digestAt } from '../graph/digest-at.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'
import { openJournal } from '../testing/journal.ts'
import { recoverDeletion } from './recover.ts'
import { restoreManifest } from './restore.ts'

const from = await startDockerRegistry()
const to = await startDockerRegistry()
const proxy = await startFaultProxy(to.url)
const folder = await mkdtemp(join(tmpdir(), 'lading-killed-'))
const source = createHttpRegistry({ name: 'from', url: from.url })
const target = createHttpRegistry({ name: 'to', url: to.url })
afterEach(() => proxy.clear())
afterAll(async () => {
  await Promise.all([source.close(), target.close()])
  for (const each of [proxy, from, to]) await each.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a script of `testing` and kills it, with no chance to tidy up, when `moment` has come. */
async function runAndKill(script: string, args: readonly string[], moment: (output: Promise<void>) => Promise<void>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'testing', script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const spoke = once(child.stdout, 'data').then(() => undefined)
  await Promise.race([moment(spoke), exited])
  child.kill('SIGKILL')
  const [, signal] = await exited
  expect(signal).toBe('SIGKILL')
}

describe('a copy whose process is killed', () => {
  it.each([
    ['before its first upload', { method: 'POST', path: '/uploads/', nth: 1 }],
    ['in the middle of an upload', { method: 'PUT', path: '/uploads/', nth: 2 }],
    ['before the first manifest', { method: 'PUT', path: '/manifests/', nth: 1 }],
    ['before the second manifest', { method: 'PUT', path: '/manifests/', nth: 2 }],
    ['before the tag', { method: 'PUT', path: '/manifests/1.0', nth: 1 }],
  ] as const)('%s leaves no tag, and the next one completes it', async (moment, rule) => {
    const name = parseRepositoryName(`team/${moment.replaceAll(' ', '-')}`)
    const [repository, destination] = [source.repository(name), target.repository(name)]
    const children = []
    for (const architecture of ['amd64', 'arm64'])
      children.push(
        await putImage(repository, { layers: [randomBytes(400_000)], platform: { os: 'linux', architecture } }),
      )
    const index = await putIndex(
      repository,
      children.map((child) => pointerTo(child)),
      { tags: ['1.0'] },
    )
    // The request of that moment is held for ever, so that the process is surely in the middle of it.
    const reached = Promise.withResolvers<void>()
    const hold = () => {
      reached.resolve()
      return new Promise<void>(() => {})
    }
    proxy.on({ ...rule, fault: { kind: 'run', run: hold } })
    await runAndKill('copy-and-report.ts', [from.url, proxy.url, name, '1.0'], () => reached.promise)
    proxy.clear()

    const tags = () => collect(destination.tags()).then(({ items }) => items)
    expect(await tags().catch((error: unknown) => error)).toSatisfy(
      (found: unknown) => (Array.isArray(found) && found.length === 0) || isNotFound(found),
    )
    const at = { reference: tag('1.0') }
    const report = await copyImage({ repository, ...at }, { repository: destination, ...at })
    expect(report.digest).toBe(index.digest)
    expect(await digestAt(destination, tag('1.0'))).toBe(index.digest)
    expect(await tags()).toEqual(['1.0'])
    expect(await checkCompleteness(destination, tag('1.0'), { full: true })).toMatchObject({ complete: true })
  })
})

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'kind' in error && error.kind === 'not-found'
}

describe('a deletion of an image whose process is killed', () => {
  it.each([
    ['before it was kept', 'nothing'],
    ['when it was kept and not deleted', 'kept'],
  ] as const)('%s has deleted nothing, and says so', async (moment, after) => {
    const { repository, image, entries } = await killed(moment, (folderOf, args) =>
      runAndKill('delete-image-and-hang.ts', [...args, folderOf, after], (spoke) => spoke),
    )
    expect(entries).toHaveLength(after === 'kept' ? 1 : 0)
    for (const { record, outcome } of entries) {
      expect(outcome).toBeUndefined()
      expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'untouched', found: image.digest })
    }
    for (const name of ['1.0', 'latest']) expect(await digestAt(repository, tag(name))).toBe(image.digest)
  })

  it('after the request was sent is reported as done, and the saved copy restores it', async () => {
    const { repository, image, entries } = await killed('asked', (folderOf, args) =>
      runAndKill('delete-image-and-hang.ts', [...args, folderOf, 'never'], (spoke) => spoke),
    )
    expect(await digestAt(repository, image.digest)).toBeUndefined()
    expect(entries).toMatchObject([{ record: { tags: ['1.0', 'latest'] } }])
    expect(entries[0]?.outcome).toBeUndefined()
    for (const { record } of entries)
      expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished', putBack: false })
    const [entry] = entries
    if (!entry) throw new Error('nothing was journalled')
    const restored = await restoreManifest(repository, entry.record, [tag('1.0'), tag('latest')])
    expect(restored).toMatchObject({ digest: image.digest, left: [] })
    expect((await repository.manifest(tag('latest'))).bytes).toEqual(image.bytes)
  })

  it('while the registry deletes is reported as it is, whatever the outcome', async () => {
    const { repository, image, entries } = await killed('meanwhile', async (folderOf, args) => {
      const reached = Promise.withResolvers<void>()
      // The request takes effect when the process that sent it is gone.
      const killing = Promise.withResolvers<void>()
      const run = () => {
        reached.resolve()
        return killing.promise
      }
      proxy.on({ method: 'DELETE', path: '/manifests/', nth: 1, fault: { kind: 'run', run } })
      await runAndKill('delete-image-and-hang.ts', [...args, folderOf, 'never'], () => reached.promise)
      killing.resolve()
    })
    expect(entries).toHaveLength(1)
    await expect.poll(() => digestAt(repository, image.digest)).toBeUndefined()
    for (const { record } of entries)
      expect(await recoverDeletion(repository, record)).toMatchObject({ outcome: 'finished' })
    expect(entries.map(({ record }) => Buffer.from(record.bytes))).toEqual([Buffer.from(image.bytes)])
  })

  async function killed(moment: string, kill: (folder: string, args: readonly string[]) => Promise<void>) {
    const repository = target.repository(parseRepositoryName(`deleted/${moment.replaceAll(' ', '-')}`))
    const image = await putImage(repository, { tags: ['1.0', 'latest'] })
    const own = join(folder, moment)
    await kill(own, [proxy.url, repository.name, '1.0,latest', image.digest])
    return { repository, image, entries: await openJournal(own).entries() }
  }
})
