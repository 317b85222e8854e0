import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { encodeTarHeader, type NewTarEntry, tarPadding } from '../../oci/encode-tar-header.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'

import { readTar } from '../tar/read-tar.ts'
import { cleanPath, encodeName } from '../tar/tar-entry.ts'

import { flatten } from './flatten.ts'
import { flattenLayers } from './flatten-layers.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-flatten-'))
afterAll(() => rm(root, { recursive: true, force: true }))

type Item = readonly [path: string, content: string | { readonly hard: string } | { readonly soft: string } | null]

function tarOf(items: readonly Item[]): Buffer {
  const parts = items.flatMap(([path, content]) => {
    const name = encodeName(path)
    if (content === null) return [encodeTarHeader({ path: `${name}/`, type: 'directory' })]
    if (typeof content === 'object') {
      const link =
        'hard' in content ? { type: 'hardlink', linkPath: content.hard } : { type: 'symlink', linkPath: content.soft }
      return [encodeTarHeader({ path: name, ...link } as NewTarEntry)]
    }
    const body = Buffer.from(content)
    return [
      encodeTarHeader({ path: name, type: 'file', size: body.length }),
      body,
      Buffer.alloc(tarPadding(body.length)),
    ]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/** The file system that results from unpacking: folders `null`, files their content, symbolic links with an arrow. */
type Tree = Map<string, string | null>

function put(tree: Tree, path: string, content: string | null): void {
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++) {
    const parent = parts.slice(0, i).join('/')
    if (tree.get(parent) !== null) tree.set(parent, null)
  }
  if (content === null && tree.get(path) === null) return
  if (content !== null) for (const key of tree.keys()) if (key.startsWith(`${path}/`)) tree.delete(key)
  tree.set(path, content)
}

/** The obvious way: layers from the base up, each unpacked over what is there. */
function naively(layers: readonly (readonly Item[])[]): Tree {
  const tree: Tree = new Map()
  for (const layer of layers) {
    for (const [path] of layer) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const inside = (key: string, of: string) => of === '' || key.startsWith(`${of}/`)
      if (name === '.wh..wh..opq') for (const key of [...tree.keys()]) inside(key, folder) && tree.delete(key)
      else if (name.startsWith('.wh.')) {
        const gone = folder ? `${folder}/${name.slice(4)}` : name.slice(4)
        for (const key of [...tree.keys()]) if (key === gone || key.startsWith(`${gone}/`)) tree.delete(key)
      }
    }
    for (const [path, content] of layer) {
      if (path.includes('.wh.')) continue
      if (content === null || typeof content === 'string') put(tree, path, content)
      else if ('soft' in content) put(tree, path, `-> ${content.soft}`)
      else put(tree, path, tree.get(content.hard) ?? 'dangling')
    }
  }
  return tree
}

async function unpack(tar: Buffer): Promise<Tree> {
  const tree: Tree = new Map()
  for await (const { entry, body } of readTar(chunksOf(tar, 1000))) {
    const path = cleanPath(entry.path)
    if (entry.type === 'directory') put(tree, path, null)
    else if (entry.type === 'symlink') put(tree, path, `-> ${entry.linkPath}`)
    else if (entry.type === 'hardlink') put(tree, path, tree.get(cleanPath(entry.linkPath)) ?? 'dangling')
    else put(tree, path, await textOf(body))
  }
  return tree
}

async function flattened(layers: readonly (readonly Item[])[], chunk = 700): Promise<Buffer> {
  const parts: Uint8Array[] = []
  const open = (layer: readonly Item[]) => async () => chunksOf(tarOf(layer), chunk)
  for await (const part of flattenLayers(layers.map(open))) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

const result = async (...layers: readonly (readonly Item[])[]) =>
  Object.fromEntries([...(await unpack(await flattened(layers)))].toSorted())

describe('flattening', () => {
  it('removes what a whiteout names, including everything below, from lower layers only', async () => {
    const base: Item[] = [
      ['a', null],
      ['a/x', '1'],
      ['a/y', '2'],
      ['b', null],
      ['b/z', '3'],
      ['c', '4'],
    ]
    expect(
      await result(base, [
        ['a/.wh.x', ''],
        ['.wh.b', ''],
        ['.wh.c', ''],
        ['c', 'new'],
      ]),
    ).toEqual({ a: null, 'a/y': '2', c: 'new' })
  })

  it('keeps a folder that no layer names when its content is removed', async () => {
    const base: Item[] = [
      ['a/b/file', '1'],
      ['c/only', '2'],
      ['d/e/f', '3'],
      ['g', '4'],
    ]
    const top: Item[] = [
      ['a/b/.wh.file', ''],
      ['c/.wh..wh..opq', ''],
      ['d/.wh.e', ''],
      ['.wh.g', ''],
    ]
    const expected = { a: null, 'a/b': null, c: null, d: null }
    expect(await result(base, top)).toEqual(expected)
    expect(Object.fromEntries([...naively([base, top])].toSorted())).toEqual(expected)
    expect(await result(base, top, [['.wh.a', '']])).toEqual({ c: null, d: null })
    expect(await result(base, top, [['a', 'file']])).toEqual({ a: 'file', c: null, d: null })
  })

  it('empties an opaque folder but keeps what its own layer puts there, in any order', async () => {
    const base: Item[] = [
      ['a', null],
      ['a/x', '1'],
      ['a/s', null],
      ['a/s/y', '2'],
    ]
    const top: Item[] = [
      ['a', null],
      ['a/n', '5'],
      ['a/.wh..wh..opq', ''],
    ]
    expect(await result(base, top)).toEqual({ a: null, 'a/n': '5' })
  })

  it('restores nothing that a file between two folders of one name has hidden', async () => {
    expect(
      await result(
        [
          ['p', null],
          ['p/x', '1'],
        ],
        [['p', 'file']],
        [['p', null]],
      ),
    ).toEqual({ p: null })
  })

  it('turns a hard link whose target an upper layer removed or replaced into a file', async () => {
    const base: Item[] = [
      ['a', 'content'],
      ['b', { hard: 'a' }],
      ['c', { hard: 'a' }],
    ]
    expect(await result(base, [['.wh.a', '']])).toEqual({ b: 'content', c: 'content' })
    expect(await result(base, [['a', 'other']])).toEqual({ a: 'other', b: 'content', c: 'content' })
  })

  it('links to a file of a lower layer, even one hidden since', async () => {
    expect(await result([['a', 'content']], [['b', { hard: 'a' }]])).toEqual({ a: 'content', b: 'content' })
    expect(
      await result(
        [['a', 'content']],
        [
          ['b', { hard: 'a' }],
          ['c', { hard: 'b' }],
        ],
        [['.wh.a', '']],
      ),
    ).toEqual({ b: 'content', c: 'content' })
  })

  it('keeps long names, non-ASCII names, and links to them', async () => {
    const long = `${'folder-name/'.repeat(20)}ü-日本`
    const layers: Item[][] = [
      [
        [long, 'x'],
        ['s', { soft: `${'t/'.repeat(100)}` }],
      ],
    ]
    expect(await result(...layers)).toEqual(
      Object.fromEntries(naively(layers.map((l) => l.map(([p, c]) => [encodeName(p), c])))),
    )
  })

  it('leads no path out of the root', async () => {
    const base: Item[] = [
      ['../../etc/passwd', 'x'],
      ['/abs', 'y'],
      ['a/../../b', 'z'],
      ['./plain', 'w'],
      ['/', null],
    ]
    const tar = await flattened([base])
    const names: string[] = []
    for await (const { entry } of readTar(chunksOf(tar, 512))) names.push(entry.path)
    expect(names).toEqual(['etc/passwd', 'abs', 'b', './plain', './'])
  })

  it.each([true, false])(
    'agrees with unpacking layer by layer, whatever the layers, folders named: %s',
    async (named) => {
      const name = fc.constantFrom('a', 'b', 'c')
      const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
      const folderOf = (p: string) => p.slice(0, p.lastIndexOf('/') + 1)
      const item: fc.Arbitrary<Item> = fc.oneof(
        { weight: 4, arbitrary: fc.tuple(path, fc.constantFrom('1', '22', '333'.repeat(200))) },
        { weight: 3, arbitrary: fc.tuple(path, fc.constant(null)) },
        fc.tuple(path, fc.constant({ soft: 'a' })),
        path.map((p): Item => [`${folderOf(p)}.wh.${p.slice(folderOf(p).length)}`, '']),
        path.map((p): Item => [`${folderOf(p)}.wh..wh..opq`, '']),
      )
      // A layer names a path once, and nothing below what it has as a file: builders do not.
      const layer = fc
        .uniqueArray(item, { maxLength: 8, selector: ([p]) => p })
        .filter((items) =>
          items.every(([p, content]) => content === null || !items.some(([other]) => other.startsWith(`${p}/`))),
        )
        .map((items): Item[] => [...(named ? foldersOf(items) : []).map((p): Item => [p, null]), ...items])
      await fc.assert(
        fc.asyncProperty(
          fc.array(layer, { maxLength: 5 }),
          fc.integer({ min: 1, max: 2000 }),
          async (layers, chunk) => {
            const found = await unpack(await flattened(layers, chunk))
            expect(shown(found)).toEqual(shown(naively(layers)))
          },
        ),
        { numRuns: 400 },
      )
    },
  )

  it('agrees about hard links, wherever their targets are', async () => {
    const files: fc.Arbitrary<Item[]> = fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')),
      {
        maxLength: 3,
        selector: ([p]) => p,
      },
    )
    const linked = fc
      .tuple(files, fc.subarray(['x', 'y']), fc.subarray(['a', 'b']))
      .map(([contents, names, removed]): Item[] => {
        const target = contents[0]?.[0]
        const gone = removed.filter((p) => !contents.some(([q]) => p === q)).map((p): Item => [`.wh.${p}`, ''])
        return [...contents, ...gone, ...(target ? names.map((n): Item => [n, { hard: target }]) : [])]
      })
    await fc.assert(
      fc.asyncProperty(fc.array(linked, { maxLength: 4 }), async (layers) => {
        expect(shown(await unpack(await flattened(layers)))).toEqual(shown(naively(layers)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('flattening an image', () => {
  it('produces what umoci unpacks, from gzip and zstd layers alike', async () => {
    const path = join(root, 'layout')
    await writeSamples(path)
    const registry = createLayoutRegistry({ name: 'local', path })
    const repository = registry.repository(parseRepositoryName('samples/web/checkout/api'))
    const { stream } = await flatten(repository, parseTag('latest'))
    const tar = await buffer(stream)
    const home = join(root, 'umoci')
    await run('skopeo', [
      'copy',
      '-q',
      '--insecure-policy',
      `oci:${path}:samples/web/storefront:1.4.2`,
      `oci:${home}:1`,
    ])
    await run('umoci', ['unpack', '--rootless', '--image', `${home}:1`, join(root, 'bundle')])
    expect([...(await unpack(tar)).keys()]).not.toContain('srv/old.conf')
    const storefront = registry.repository(parseRepositoryName('samples/web/storefront'))
    await writeFile(join(root, 'flat.tar'), (await flatten(storefront, parseTag('1.4.2'))).stream)
    const flat = join(root, 'flat')
    await run('mkdir', [flat])
    await run('tar', ['xf', join(root, 'flat.tar'), '-C', flat])
    await run('diff', ['-r', '--no-dereference', flat, join(root, 'bundle', 'rootfs')])
  })

  it('detects layers by content instead of their type, and rejects wrong ones', async () => {
    const path = join(root, 'typed')
    await createLayout(path)
    const repository = createLayoutRegistry({ name: 'local', path }).repository(parseRepositoryName('a'))
    const tars = [tarOf([['a', '1']]), gzipSync(tarOf([['b', '2']])), zstdCompressSync(tarOf([['c', '3']]))]
    const digest = await putImage(repository, tars)
    expect(Object.fromEntries(await unpack(await buffer((await flatten(repository, digest)).stream)))).toEqual({
      a: '1',
      b: '2',
      c: '3',
    })
    const cut = await putImage(repository, [tarOf([['a', 'x'.repeat(5000)]]).subarray(0, 2000)])
    await expect(buffer((await flatten(repository, cut)).stream)).rejects.toMatchObject({ code: 'tar' })
    const second = digestOf(tars[1] ?? '')
    await writeFile(join(path, 'blobs', second.replace(':', '/')), tars[2] ?? '')
    await expect(buffer((await flatten(repository, digest)).stream)).rejects.toMatchObject({ kind: 'digest-mismatch' })
  })

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)(
    'stops at a %s layer that is a bomb, and says so',
    async (name, pack) => {
      const path = join(root, `bomb-${name}`)
      await createLayout(path)
      const repository = createLayoutRegistry({ name: 'local', path }).repository(parseRepositoryName('a'))
      const zeros = pack(Buffer.alloc(16 * 1024 * 1024))
      const head = pack(encodeTarHeader({ path: 'zeros', type: 'file', size: 2 ** 30 }))
      const end = pack(Buffer.alloc(1024))
      const digest = await putImage(repository, [Buffer.concat([head, ...Array(64).fill(zeros), end])])
      const sizeOf = async (options = {}) => {
        let size = 0
        for await (const chunk of (await flatten(repository, digest, options)).stream) size += chunk.length
        return size
      }
      await expect(sizeOf()).rejects.toMatchObject({
        kind: 'too-large',
        message: expect.stringContaining('huge files of zeros'),
      })
      expect(await sizeOf({ limits: { maxRatio: 50_000 } })).toBe(2 ** 30 + 512 + 1024)
    },
    60_000,
  )
})

async function putImage(
  repository: ReturnType<ReturnType<typeof createLayoutRegistry>['repository']>,
  layers: readonly Buffer[],
) {
  const stored = []
  for (const layer of layers) stored.push({ mediaType: MEDIA_TYPE.ociLayerGzip, ...(await repository.putBlob(layer)) })
  const config = {
    mediaType: MEDIA_TYPE.ociConfig,
    ...(await repository.putBlob(Buffer.from('{"os":"linux","architecture":"amd64"}'))),
  }
  const mediaType = MEDIA_TYPE.ociManifest
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: stored }))
  return (await repository.putManifest(digestOf(bytes), { mediaType, bytes })).digest
}

/** Folders that only exist because something is in them may be named or not. */
function shown(tree: Tree): Record<string, string | null> {
  const keys = [...tree.keys()]
  return Object.fromEntries(
    [...tree].filter(([key, content]) => content !== null || !keys.some((k) => k.startsWith(`${key}/`))).toSorted(),
  )
}

function foldersOf(items: readonly Item[]): string[] {
  const parents = ([path]: Item) =>
    path
      .split('/')
      .slice(0, -1)
      .map((_, n, parts) => parts.slice(0, n + 1).join('/'))
  return [...new Set(items.flatMap(parents))]
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString()
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
