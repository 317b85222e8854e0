import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeTarHeader, type NewTarEntry, tarPadding } from '../../oci/encode-tar-header.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import { collect } from '../../registry/listing.ts'
import type { Repository } from '../../registry/registry.ts'

import { encodeName } from '../tar/tar-entry.ts'

import { putImage } from '../testing/images.ts'
import { blobFile, entryOf, jsonBytes, ociArchive, pointer } from '../testing/made-archives.ts'
import { type LoadOptions, loadArchive } from './load-archive.ts'
import { writeOciArchive } from './write-archive.ts'

const root = await mkdtemp(join(tmpdir(), 'lading-hostile-'))
afterAll(() => rm(root, { recursive: true, force: true }))

/** An archive that is good, to which entries are added before and after. */
let good: Buffer
beforeAll(async () => {
  const path = join(root, 'source')
  await createLayout(path)
  const source = createLayoutRegistry({ name: 's', path }).repository(parseRepositoryName('team/app'))
  await putImage(source, { tags: ['1.0'] })
  good = await buffer((await writeOciArchive(source, parseTag('1.0'))).stream)
})

/** A parent folder with a secret and the layout in it: all that may change is inside the layout. */
let parent = ''
let layout = ''
let target: Repository
let before: string[] = []
let count = 0
beforeEach(async () => {
  parent = join(root, `parent${++count}`)
  layout = join(parent, 'inner', 'layout')
  await mkdir(join(parent, 'inner'), { recursive: true })
  await writeFile(join(parent, 'secret'), 'secret')
  await createLayout(layout)
  target = createLayoutRegistry({ name: 't', path: layout }).repository(parseRepositoryName('team/app'))
  before = await outside()
})

async function outside(): Promise<string[]> {
  const entries = await readdir(parent, { recursive: true, withFileTypes: true })
  const paths = entries.map((entry) => relative(parent, join(entry.parentPath, entry.name)))
  return paths.filter((path) => !path.startsWith(join('inner', 'layout', ''))).toSorted()
}

const EVIL = Buffer.from('evil '.repeat(20))

function archiveOf(...entries: readonly NewTarEntry[]): Buffer {
  const parts = entries.flatMap((entry) =>
    entry.type === 'file'
      ? [encodeTarHeader(entry), EVIL, Buffer.alloc(tarPadding(EVIL.length))]
      : [encodeTarHeader(entry)],
  )
  return Buffer.concat([...parts, good])
}

const file = (path: string): NewTarEntry => ({ path: encodeName(path), type: 'file', size: EVIL.length }) as NewTarEntry
const link = (type: 'symlink' | 'hardlink', path: string, to: string) =>
  ({ path: encodeName(path), type, linkPath: encodeName(to) }) as NewTarEntry

const HOSTILE: readonly (readonly [string, () => readonly NewTarEntry[]])[] = [
  ['a path that climbs', () => [file('../../evil')]],
  ['a path that climbs far', () => [file(`${'../'.repeat(40)}${parent}/evil`)]],
  ['a path that climbs from a blob', () => [file('blobs/sha256/../../../../evil')]],
  ['an absolute path', () => [file(join(parent, 'evil'))]],
  ['an absolute path over what is there', () => [file(join(parent, 'secret'))]],
  ['a blob that climbs out of its algorithm', () => [file('blobs/../../../evil/sha256')]],
  ['a folder that climbs', () => [{ path: encodeName('../../evil/'), type: 'directory' } as NewTarEntry]],
  ['a symbolic link and a file through it', () => [link('symlink', 'door', '../..'), file('door/evil')]],
  ['an absolute symbolic link and a file through it', () => [link('symlink', 'door', parent), file('door/evil')]],
  ['a symbolic link in the place of the blobs', () => [link('symlink', 'blobs', parent), file('blobs/evil')]],
  ['a hard link to what is there and a file over it', () => [link('hardlink', 'x', join(parent, 'secret')), file('x')]],
  ['backslashes', () => [file('..\\..\\evil')]],
]

describe('an archive with', () => {
  it.each(HOSTILE)('%s writes nothing outside the layout, and its good image loads', async (_name, entries) => {
    const { images: loaded } = await loadArchive(target, Readable.from([archiveOf(...entries())]))
    expect(loaded).toMatchObject([{ tag: '1.0', missing: [] }])
    expect(await outside()).toEqual(before)
    expect(await readFile(join(parent, 'secret'), 'utf8')).toBe('secret')
  })

  it.each(['/etc/passwd', '../../../secret', 'layer.tar'])(
    'a layer that is a link to %s reads no file of ours',
    async (to) => {
      const saved = Buffer.from(JSON.stringify([{ Config: 'c.json', RepoTags: ['a:1'], Layers: ['layer.tar'] }]))
      const entries = [
        encodeTarHeader(link('symlink', 'layer.tar', to)),
        encodeTarHeader(link('symlink', 'c.json', '../../secret')),
        encodeTarHeader({ ...file('manifest.json'), size: saved.length } as NewTarEntry),
        saved,
        Buffer.alloc(tarPadding(saved.length) + 1024),
      ]
      await expect(loadArchive(target, Readable.from([Buffer.concat(entries)]))).rejects.toMatchObject({
        name: expect.stringMatching(/^(?:Registry|Format)Error$/),
      })
      expect(await outside()).toEqual(before)
    },
  )

  it('a blob whose name isn’t a digest is refused', async () => {
    const bad = archiveOf(file(`blobs/sha256/${'0'.repeat(63)}`))
    await expect(loadArchive(target, Readable.from([bad]))).rejects.toMatchObject({ name: 'FormatError' })
    expect(await outside()).toEqual(before)
  })
})

describe('an archive that asks for too much is refused, and names nothing:', () => {
  const refuses = async (archive: Iterable<Buffer>, error: object, limits?: LoadOptions['limits']) => {
    await expect(loadArchive(target, Readable.from(archive), { ...(limits && { limits }) })).rejects.toMatchObject(
      error,
    )
    expect((await collect(target.tags())).items).toEqual([])
  }

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('a gibibyte of zeros in %s', async (_name, pack) => {
    const head = pack(encodeTarHeader({ ...file('layer.tar'), size: 2 ** 30 } as NewTarEntry))
    const zeros = pack(Buffer.alloc(16 * 1024 * 1024))
    await refuses([head, ...Array<Buffer>(64).fill(zeros), pack(good)], {
      kind: 'too-large',
      message: expect.stringContaining('bomb'),
    })
  })

  it('more files than archives have', async () => {
    const error = { name: 'FormatError', code: 'archive' }
    await refuses([archiveOf(link('symlink', 'a', 'b'), file('c'), file('d'))], error, { maxFiles: 3 })
    // A header is half a KiB, and the same one over and over will do.
    const header = encodeTarHeader(link('symlink', 'a', 'b'))
    await refuses([...Array<Buffer>(100).fill(Buffer.concat(Array(1_001).fill(header))), good], error)
  })

  it('documents of more than memory allows', async () => {
    const json = Buffer.alloc(8 * 1024 * 1024 - 512, ' ')
    const head = (n: number) =>
      encodeTarHeader({ ...file(`${String(n).repeat(64)}.json`), size: json.length } as NewTarEntry)
    const documents = Array.from({ length: 5 }, (_, n) => [Buffer.from(head(n)), json]).flat()
    await refuses([...documents, good], { kind: 'too-large' })
    await refuses([archiveOf(file('repositories')), good], { kind: 'too-large' }, { maxDocuments: 99 })
  })

  it('a document over 8 MiB', async () => {
    await refuses(
      [Buffer.from(encodeTarHeader({ ...file('manifest.json'), size: 8 * 1024 * 1024 + 1 } as NewTarEntry))],
      {
        kind: 'too-large',
      },
    )
  })
})

describe('an archive that lists one document over and over', () => {
  /** Of a kind that is read back from where it was put: 20,000 times is minutes of work. */
  const large = jsonBytes({
    schemaVersion: 2,
    mediaType: 'application/vnd.example.thing.v1+json',
    x: 'y'.repeat(2 ** 21),
  })
  const entry = pointer(large, 'application/vnd.example.thing.v1+json')
  const many = Array.from({ length: 20_000 }, () => entry)

  it('is loaded as if it did so once, from its index', async () => {
    const { images } = await loadArchive(target, ociArchive(many, [blobFile(large)]))
    expect(images).toMatchObject([{ digest: entry.digest }])
  })

  it('is loaded as if it did so once, from an index in it', async () => {
    const index = jsonBytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: many })
    const archive = ociArchive([entryOf(index, 'i', MEDIA_TYPE.ociIndex)], [blobFile(large), blobFile(index)])
    expect((await loadArchive(target, archive)).images).toMatchObject([{ tag: 'i', missing: [] }])
  })
})
