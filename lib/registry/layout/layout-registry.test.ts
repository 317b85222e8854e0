import { execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { hexOf } from '../../oci/digest.ts'
import type { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName, parseTag, type Tag } from '../../oci/reference.ts'
import { expectKind, imageFor, indexFor, tag, tagNames } from '../contract/samples.ts'
import { collect } from '../listing.ts'
import type { Repository } from '../registry.ts'
import { createLayout } from './create-layout.ts'
import { createLayoutRegistry } from './layout-registry.ts'
import { writeSamples } from './samples/samples.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-layout-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let path = ''
let count = 0
beforeEach(async () => {
  path = join(root, `home${++count}`)
  await createLayout(path)
})
const open = () => createLayoutRegistry({ name: 'local', path })
const team = () => open().repository(parseRepositoryName('team/app'))
const indexText = () => readFile(join(path, 'index.json'), 'utf8')
const namesIn = async (registry = open()) => (await collect(registry.repositories())).items

describe('layouts by other tools', () => {
  const samples = join(root, 'samples')
  const copy = async (source: string, destination: string) =>
    run('skopeo', ['copy', '--insecure-policy', '-q', source, destination])
  const origin = `oci:${samples}:samples/platform/tools/ladle:3.2.0`

  it('lists what skopeo wrote under a tag as a repository named after the folder', async () => {
    await writeSamples(samples)
    await rm(path, { recursive: true })
    await copy(origin, `oci:${path}:3.2.0`)
    await copy(origin, `oci:${path}:latest`)
    expect(await namesIn()).toEqual([`home${count}`])
    const repository = open().repository(parseRepositoryName(`home${count}`))
    expect(await tagNames(repository)).toEqual(['3.2.0', 'latest'])
    const { digest } = await repository.resolve(tag('latest'))
    expect((await repository.manifest(digest)).kind).toBe('oci-image')
    await repository.putManifest(tag('kept'), await repository.manifest(tag('latest')))
    await run('skopeo', ['inspect', `oci:${path}:kept`])
    await copy(origin, `oci:${path}:later`)
    expect(await tagNames(repository)).toEqual(['3.2.0', 'kept', 'later', 'latest'])
  })

  it('calls a single unnamed image latest', async () => {
    await writeSamples(samples)
    await rm(path, { recursive: true })
    await copy(origin, `oci:${path}`)
    const repository = open().repository(parseRepositoryName(`home${count}`))
    expect(await tagNames(repository)).toEqual(['latest'])
    expect((await repository.resolve(tag('latest'))).mediaType).toBe('application/vnd.oci.image.manifest.v1+json')
  })

  it('reads what umoci wrote, and umoci finds what was put', async () => {
    await rm(path, { recursive: true })
    await run('umoci', ['init', '--layout', path])
    await run('umoci', ['new', '--image', `${path}:1.0`])
    const repository = open().repository(parseRepositoryName(`home${count}`))
    expect(await tagNames(repository)).toEqual(['1.0'])
    await repository.putManifest(tag('2.0'), await repository.manifest(tag('1.0')))
    const { stdout } = await run('umoci', ['list', '--layout', path])
    expect(stdout.trim().split('\n').toSorted()).toEqual(['1.0', '2.0'])
  })

  it('lets skopeo read every image by repository and tag', async () => {
    await writeSamples(samples)
    const { stdout } = await run('skopeo', ['inspect', `oci:${samples}:samples/web/storefront:1.4.2`])
    expect(JSON.parse(stdout).Labels['org.opencontainers.image.version']).toBe('1.4.2')
  })

  it('reads whole names as containerd writes them, host included', async () => {
    const { digest, size, mediaType } = await put('1')
    const named = (annotations: object) => ({ mediaType, digest, size, annotations })
    await writeIndex([
      named({
        'io.containerd.image.name': 'docker.io/library/alpine:3.20',
        'org.opencontainers.image.ref.name': '3.20',
      }),
      named({ 'io.containerd.image.name': 'localhost:5000/team/app:1', 'org.opencontainers.image.ref.name': '1' }),
      named({ 'org.opencontainers.image.ref.name': 'docker.io/linuxkit/kernel:6.6' }),
      named({ 'org.opencontainers.image.ref.name': 'not a reference' }),
      { mediaType: 'broken' },
    ])
    expect(await namesIn()).toEqual([
      'docker.io/library/alpine',
      'docker.io/linuxkit/kernel',
      `home${count}`,
      'localhost-5000/team/app',
    ])
    await team().putManifest(tag('new'), await team2('docker.io/library/alpine').manifest(tag('3.20')))
    expect(await indexText()).toContain('"broken"')
    expect(await indexText()).toContain('localhost:5000/team/app:1')
  })

  it('notices at once what another tool changed, even within one tick of the clock', async () => {
    await put('1')
    const repository = team()
    for (let n = 0; n < 20; n++) {
      const text = await indexText()
      await writeFile(join(path, 'index.json'), text.replace(/team\/app:\w/, `team/app:${n % 10}`))
      expect(await tagNames(repository)).toEqual([`${n % 10}`])
    }
  })

  const team2 = (name: string) => open().repository(parseRepositoryName(name))
  const put = async (name: string) => team().putManifest(tag(name), await imageFor(team()))
  const writeIndex = (manifests: object[]) =>
    writeFile(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests, annotations: { kept: 'yes' } }))
})

describe('what is written', () => {
  it('keeps an untagged manifest reachable by its digest, and out of the tags', async () => {
    const content = await imageFor(team())
    const { digest } = await team().putManifest(tag('1'), content)
    await team().deleteTag(tag('1'), { expect: digest, strategy: 'tag-only' })
    expect(await tagNames(team())).toEqual([])
    expect((await team().manifest(digest)).digest).toBe(digest)
    expect(await namesIn()).toEqual(['team/app'])
    await expectKind(open().repository(parseRepositoryName('team/other')).manifest(digest), 'not-found')
  })

  it('lets a deleted image be restored from its bytes, since its blobs stay', async () => {
    const content = await imageFor(team())
    const { digest } = await team().putManifest(tag('1'), content)
    await team().deleteManifest(digest, { expectTags: [tag('1')] })
    expect(await namesIn()).toEqual([])
    expect(await team().putManifest(tag('1'), content)).toMatchObject({ digest })
  })

  it('deletes no platform of an existing index', async () => {
    const index = await indexFor(team())
    await team().putManifest(tag('1'), index)
    const manifest = await team().manifest(tag('1'))
    const child = manifest.kind === 'index' ? manifest.manifests[0]?.digest : undefined
    if (!child) throw new Error('no child')
    await expectKind(team().deleteManifest(child, { expectTags: [] }), 'conflict')
    await team().deleteManifest(manifest.digest, { expectTags: [tag('1')] })
    await team().deleteManifest(child, { expectTags: [] })
    await expectKind(team().manifest(child), 'not-found')
  })

  it('deletes no blob that a manifest of any repository needs', async () => {
    await team().putManifest(tag('1'), await imageFor(team()))
    const manifest = await team().manifest(tag('1'))
    const layer = manifest.kind === 'oci-image' ? manifest.layers[0]?.digest : undefined
    if (!layer) throw new Error('no layer')
    const other = open().repository(parseRepositoryName('another'))
    expect(await other.mountBlob(layer, team().name)).toBe(true)
    expect(await other.mountBlob(manifest.digest, team().name)).toBe(true)
    await expectKind(other.deleteBlob(layer), 'conflict')
    await expectKind(other.deleteBlob(manifest.digest), 'conflict')
    await expect(other.deleteBlob(layer)).rejects.not.toThrow('team/app')
    await team().deleteManifest(manifest.digest, { expectTags: [tag('1')] })
    await other.deleteBlob(layer)
    expect(await other.statBlob(layer)).toBeUndefined()
  })

  it('accepts no manifest whose layers are missing', async () => {
    const content = await imageFor(team())
    const { layers } = JSON.parse(Buffer.from(content.bytes).toString())
    await rm(blobPath(layers[0].digest))
    await expectKind(team().putManifest(tag('1'), content), 'missing-content')
    expect(await tagNames(team())).toEqual([])
  })

  it('loses no tag when two processes write at once', async () => {
    const writer = (prefix: string) => run(process.execPath, [fixture, path, prefix, '50'])
    await Promise.all([writer('a'), writer('b')])
    const names = ['a', 'b'].flatMap((prefix) => Array.from({ length: 50 }, (_, n) => `${prefix}${n}`))
    expect(await tagNames(team())).toEqual(names.toSorted())
    expect(await readdir(join(path, '.lading', 'tmp'))).toEqual([])
  })

  it('stays intact, and keeps what it confirmed, when the writer is killed', async () => {
    for (let round = 0; round < 3; round++) {
      const confirmed = await killedAfter(4 + round * 3, `r${round}-`)
      expect(await tagNames(team())).toEqual(expect.arrayContaining(confirmed))
      JSON.parse(await indexText())
      await team().putManifest(tag(`after${round}`), await imageFor(team()))
    }
  })

  it('breaks a lock whose holder is gone', async () => {
    const { stdout } = await run(process.execPath, ['-e', 'console.log(process.pid)'])
    await mkdir(join(path, '.lading'), { recursive: true })
    const machine = await lockMachine()
    await writeFile(join(path, '.lading', 'lock'), JSON.stringify({ nonce: 'x', pid: Number(stdout), machine }))
    await team().putManifest(tag('1'), await imageFor(team()))
    await writeFile(join(path, '.lading', 'lock'), JSON.stringify({ nonce: 'x', pid: 1, machine: 'another machine' }))
    await utimes(join(path, '.lading', 'lock'), 0, 0)
    await team().putManifest(tag('2'), await imageFor(team()))
    expect(await tagNames(team())).toEqual(['1', '2'])
  })

  it('prints and reads any set of names alike', async () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,3}(\/[a-z0-9]{1,3}){0,2}$/).map(parseRepositoryName)
    const version = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,4}$/).map(parseTag)
    const content = await imageFor(team())
    const document = JSON.parse(Buffer.from(content.bytes).toString())
    const put = async (repository: Repository, each: Tag) => {
      for (const { digest } of [document.config, ...document.layers]) await repository.mountBlob(digest, team().name)
      return repository.putManifest(each, content)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, version), { maxLength: 12 }), async (pairs) => {
        await writeFile(join(path, 'index.json'), '{"schemaVersion":2,"manifests":[]}')
        const writer = open()
        await Promise.all(pairs.map(([repository, each]) => put(writer.repository(repository), each)))
        const found: string[] = []
        for (const repository of await namesIn())
          for (const each of await tagNames(open().repository(repository))) found.push(`${repository}:${each}`)
        expect(found.toSorted()).toEqual(
          [...new Set(pairs.map(([repository, each]) => `${repository}:${each}`))].toSorted(),
        )
      }),
      { numRuns: 25 },
    )
  })

  async function killedAfter(confirmations: number, prefix: string): Promise<string[]> {
    const child = spawn(process.execPath, [fixture, path, prefix, '1000'])
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
      if (printed.split('\n').length > confirmations) child.kill('SIGKILL')
    })
    await new Promise((resolve) => child.on('exit', resolve))
    return printed.split('\n').slice(0, -1)
  }

  /** What this machine writes into a lock. */
  async function lockMachine(): Promise<string> {
    const { withLock } = await import('./layout-lock.ts')
    const lock = join(path, '.lading', 'probe')
    const text = await withLock(lock, () => readFile(lock, 'utf8'))
    return JSON.parse(text).machine
  }
  const fixture = join(import.meta.dirname, 'layout-writer.fixture.ts')
})

describe('a problem of a layout', () => {
  it.each([
    ['the folder is missing', () => rm(path, { recursive: true }), 'unreachable'],
    ['the folder isn’t a layout', () => rm(join(path, 'oci-layout')), 'unreachable'],
    ['oci-layout is not JSON', () => writeFile(join(path, 'oci-layout'), '<html>'), 'malformed'],
    [
      'the version is newer than ours',
      () => writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}'),
      'unsupported',
    ],
    ['index.json is missing', () => rm(join(path, 'index.json')), 'unreachable'],
    ['index.json is cut short', () => writeFile(join(path, 'index.json'), '{"manifests":['), 'malformed'],
    ['index.json is an array', () => writeFile(join(path, 'index.json'), '[]'), 'malformed'],
    ['manifests is an object', () => writeFile(join(path, 'index.json'), '{"manifests":{}}'), 'malformed'],
  ] as const)('is reported when %s', async (_name, breakIt, kind) => {
    await breakIt()
    await expectKind(open().ping(), kind)
    await expectKind(collect(open().repositories()), kind)
  })

  it('is a missing layout, and not a network failure', async () => {
    await rm(join(path, 'oci-layout'))
    await expect(open().ping()).rejects.toMatchObject({ kind: 'unreachable', reason: 'no-layout' })
  })

  it('is that a file can’t be read, with what to do about it', async () => {
    await rm(join(path, 'index.json'))
    await mkdir(join(path, 'index.json'))
    const message = expect.stringContaining('there is a folder where a file should be')
    await expect(collect(open().repositories())).rejects.toMatchObject({ reason: 'layout-file', message })
  })

  it('reads an endlessly nested index as malformed or empty, and survives', async () => {
    await writeFile(join(path, 'index.json'), `{"manifests":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`)
    expect(await namesIn()).toEqual([])
  })

  it('delivers no wrong bytes as verified', async () => {
    const { digest } = await team().putBlob(Buffer.from('right'))
    await writeFile(blobPath(digest), 'wrong')
    await expectKind(team().blobBytes(digest), 'digest-mismatch')
    const { stream } = await team().blob(digest)
    await expectKind(buffer(stream), 'digest-mismatch')
    await team().putBlob(Buffer.from('right'))
    expect(Buffer.from(await team().blobBytes(digest)).toString()).toBe('right')
  })

  it('follows no link out of the layout', async () => {
    const { digest } = await team().putBlob(Buffer.from('secret'))
    await writeFile(join(root, 'secret'), 'secret')
    await rm(blobPath(digest))
    await symlink(join(root, 'secret'), blobPath(digest))
    await expectKind(team().blob(digest, { range: { start: 0, end: 3 } }), 'malformed')
  })

  it('names a tag whose digest can’t be verified, and reads and deletes all others beside it', async () => {
    await team().putManifest(tag('good'), await imageFor(team()))
    const index = JSON.parse(await indexText())
    const [good] = index.manifests
    const odd = {
      ...good,
      digest: `blake3:${'a'.repeat(64)}`,
      annotations: { 'org.opencontainers.image.ref.name': 'team/app:odd' },
    }
    await writeFile(join(path, 'index.json'), JSON.stringify({ ...index, manifests: [odd, good] }))
    expect(await tagNames(team())).toEqual(['good', 'odd'])
    await expect(team().manifest(tag('odd'))).rejects.toMatchObject({ code: 'digest-algorithm' })
    const manifest = await team().manifest(tag('good'))
    if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
    expect((await team().blobBytes(manifest.config.digest)).length).toBe(manifest.config.size)
    await team().putManifest(tag('more'), manifest)
    // The other may need it.
    await expect(team().deleteBlob(manifest.config.digest)).rejects.toMatchObject({ kind: 'unsupported' })
    await team().deleteManifest(manifest.digest, { expectTags: [tag('good'), tag('more')] })
    expect(await tagNames(team())).toEqual(['odd'])
    await expect(team().deleteBlob(manifest.config.digest)).rejects.toMatchObject({ kind: 'unsupported' })
    await expect(team().deleteTag(tag('odd'), { expect: odd.digest, strategy: 'tag-only' })).rejects.toMatchObject({
      code: 'digest-algorithm',
    })
  })

  it('names a tag whose manifest is lost, and still removes it', async () => {
    const { digest } = await team().putManifest(tag('1'), await imageFor(team()))
    await rm(blobPath(digest))
    await expectKind(team().manifest(tag('1')), 'missing-content')
    await expectKind(team().resolve(tag('1')), 'missing-content')
    expect(await team().deleteTag(tag('1'), { expect: digest, strategy: 'tag-only' })).toEqual({ outcome: 'deleted' })
  })

  it('reads a read-only folder, and refuses changes to it', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write to any folder')
    const content = await imageFor(team())
    const { digest } = await team().putManifest(tag('1'), content)
    await chmod(path, 0o500)
    await chmod(join(path, '.lading'), 0o500)
    expect(await tagNames(team())).toEqual(['1'])
    await expectKind(team().putManifest(tag('2'), content), 'denied')
    expect(await team().deletes()).toMatchObject({ tagStrategy: 'none' })
    expect((await team().deleteTag(tag('1'), { expect: digest, strategy: 'tag-only' })).outcome).toBe('unsupported')
  })
})

describe('a disk', async () => {
  const NO_MOUNT = 'only root may mount a small disk'
  const disk = join(root, 'disk')
  await mkdir(disk)
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk]).then(
    () => true,
    () => false,
  )
  afterAll(() => (mounted ? run('umount', [disk]) : undefined))

  it('that is full changes nothing and says so', async ({ skip }) => {
    skip(!mounted, NO_MOUNT)
    await createLayout(disk)
    const repository = createLayoutRegistry({ name: 'full', path: disk }).repository(parseRepositoryName('team/app'))
    const content = await imageFor(repository)
    const { digest } = await repository.putManifest(tag('1'), content)
    await expectKind(repository.putBlob(Buffer.alloc(600_000)), 'unavailable')
    await run('sh', ['-c', `dd if=/dev/zero of=${disk}/fill bs=1k 2>/dev/null || true`])
    await expectKind(repository.putManifest(tag('2'), content), 'unavailable')
    expect(await tagNames(repository)).toEqual(['1'])
    expect(await readdir(join(disk, '.lading', 'tmp'))).toEqual([])
    await rm(join(disk, 'fill'))
    expect(await repository.putManifest(tag('2'), content)).toMatchObject({ digest })
  })

  it('that is read-only can be read, and refuses changes', async ({ skip }) => {
    skip(!mounted, NO_MOUNT)
    await createLayout(disk)
    const repository = createLayoutRegistry({ name: 'ro', path: disk }).repository(parseRepositoryName('team/app'))
    const content = await imageFor(repository)
    const { digest } = await repository.putManifest(tag('1'), content)
    await run('mount', ['-o', 'remount,ro', disk])
    try {
      expect(await repository.manifest(tag('1'))).toMatchObject({ digest })
      await expectKind(repository.putManifest(tag('3'), content), 'denied')
      await expectKind(repository.putBlob(Buffer.from('x')), 'denied')
      await expectKind(repository.deleteManifest(digest, { expectTags: [tag('1')] }), 'denied', 'conflict')
      expect(await repository.deletes()).toMatchObject({ tagStrategy: 'none' })
      expect(await repository.deleteTag(tag('1'), { expect: digest, strategy: 'tag-only' })).toMatchObject({
        outcome: 'unsupported',
      })
    } finally {
      await run('mount', ['-o', 'remount,rw', disk])
    }
  })
})

function blobPath(digest: ReturnType<typeof digestOf>): string {
  return join(path, 'blobs', 'sha256', hexOf(digest))
}

describe('samples', () => {
  it('are the same every time, and appear once', async () => {
    const [first, second] = [join(root, 's1'), join(root, 's2')]
    expect([await writeSamples(first), await writeSamples(second), await writeSamples(first)]).toEqual([
      true,
      true,
      false,
    ])
    expect(await readFile(join(first, 'index.json'), 'utf8')).toBe(await readFile(join(second, 'index.json'), 'utf8'))
    expect((await readdir(root)).filter((name) => name.startsWith('.s'))).toEqual([])
  })

  it('replace nothing', async () => {
    const folder = join(root, 'mine')
    await mkdir(folder)
    await writeFile(join(folder, 'note'), 'keep')
    expect(await writeSamples(folder)).toBe(false)
    expect(await readdir(folder)).toEqual(['note'])
  })

  it('are complete: every manifest reads, and every blob it names is there and correct', async () => {
    const folder = join(root, 's1')
    await writeSamples(folder)
    const registry = createLayoutRegistry({ name: 'samples', path: folder })
    const names = await namesIn(registry)
    expect(names.every((name) => name.startsWith('samples/'))).toBe(true)
    for (const name of names) {
      const repository = registry.repository(name)
      for (const each of (await collect(repository.tags())).items) {
        const manifest = await repository.manifest(each)
        const { config, layers = [], manifests = [] } = JSON.parse(Buffer.from(manifest.bytes).toString())
        for (const { digest, size } of [config, ...layers, ...manifests].filter(Boolean))
          expect(await repository.blobBytes(digest)).toHaveLength(size)
      }
    }
    const tool = registry.repository(parseRepositoryName('samples/platform/tools/ladle'))
    const { items } = await collect(tool.referrers((await tool.resolve(tag('latest'))).digest))
    expect(items.map(({ artifactType }) => artifactType).toSorted()).toEqual([
      'application/spdx+json',
      'application/vnd.dev.sigstore.bundle.v0.3+json',
    ])
  })
})
