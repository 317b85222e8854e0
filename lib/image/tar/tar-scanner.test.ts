import { execFile } from 'node:child_process'
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeTarHeader, tarPadding } from '../../oci/encode-tar-header.ts'
import { FormatError } from '../../oci/format-error.ts'
import { decompress } from './decompress.ts'
import { readTar } from './read-tar.ts'
import { renameHeader } from './rewrite-header.ts'
import { cleanPath, decodeName, encodeName, type TarEntry } from './tar-entry.ts'
import { TAR_LIMITS, type TarLimits, TarScanner } from './tar-scanner.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-tar-'))
afterAll(() => rm(root, { recursive: true, force: true }))

async function listed(tar: Buffer, chunk = 512): Promise<{ entry: TarEntry; text: string }[]> {
  const found = []
  for await (const { entry, body } of readTar(Readable.from(pieces(tar, chunk)))) {
    const parts: Uint8Array[] = []
    for await (const part of body) parts.push(part)
    found.push({ entry, text: Buffer.concat(parts).toString('latin1') })
  }
  return found
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function scanned(tar: Buffer, limits: TarLimits = {}): TarEntry[] {
  const scanner = new TarScanner(limits)
  const entries = [...scanner.feed(tar)].flatMap((event) => (event.kind === 'entry' ? [event.entry] : []))
  scanner.finish()
  return entries
}

const file = (path: string, text: string) =>
  Buffer.concat([
    encodeTarHeader({ path, type: 'file', size: text.length }),
    Buffer.from(text, 'latin1'),
    Buffer.alloc(tarPadding(text.length)),
  ])

/** With the right checksum. */
function signed(block: Buffer): Buffer {
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

describe('reading tar', () => {
  it.each(['gnu', 'pax', 'ustar'])(
    'reads what GNU tar writes as %s: links, long names, empty and sparse files',
    async (format) => {
      const home = join(root, format)
      const long = format === 'ustar' ? 'd'.repeat(60) : 'd'.repeat(120)
      await mkdir(join(home, long), { recursive: true })
      await writeFile(join(home, long, 'ü.txt'), 'text')
      await writeFile(join(home, 'empty'), '')
      await link(join(home, long, 'ü.txt'), join(home, 'hard'))
      await symlink(`${long}/ü.txt`, join(home, 'soft'))
      await run('truncate', ['-s', '3M', join(home, 'sparse')])
      await run('mkfifo', [join(home, 'pipe')])
      const args = [
        '-c',
        '-f',
        `${home}.tar`,
        `--format=${format}`,
        ...(format === 'ustar' ? [] : ['--sparse']),
        '-C',
        home,
        '--sort=name',
        '.',
      ]
      await run('tar', args)
      const tar = await import('node:fs/promises').then(({ readFile }) => readFile(`${home}.tar`))
      const names = (await listed(tar)).map(({ entry }) => `${entry.type} ${decodeName(cleanPath(entry.path))}`)
      expect(names.toSorted()).toEqual(
        [
          'directory ',
          `directory ${long}`,
          `file ${long}/ü.txt`,
          'file empty',
          'hardlink hard',
          'symlink soft',
          'file sparse',
          'fifo pipe',
        ].toSorted(),
      )
      const hard = (await listed(tar)).find(({ entry }) => entry.type === 'hardlink')
      expect(decodeName(cleanPath(hard?.entry.linkPath ?? ''))).toBe(`${long}/ü.txt`)
    },
  )

  /** One entry with a pax header before it. */
  const withPax = (records: string, size: number) => {
    const pax = encodeTarHeader({ path: 'PaxHeaders/x', type: 'file', size: records.length })
    const block = Buffer.from(pax)
    block.write('x', 156, 'latin1')
    return Buffer.concat([signed(block), Buffer.from(records.padEnd(512, '\0')), file('x', 'y'.repeat(size))])
  }

  it.each(['1e3', '-1', '0x10', ' 5', '5.5', '99999999999999999999', 'abc'])(
    'refuses a pax size of %j, as Go, GNU tar and Python do',
    (size) => {
      const text = `size=${size}\n`
      expect(() => scanned(withPax(`${text.length + 3} ${text}`, 5))).toThrow(FormatError)
    },
  )

  it('treats an empty pax value as absent, so that the header counts', () => {
    expect(scanned(withPax('8 size=\n8 path=\n', 5))).toMatchObject([{ path: 'x', size: 5 }])
  })

  it('reads whole names that Go before 1.8 wrote with a prefix under GNU’s magic', () => {
    const block = Buffer.from(encodeTarHeader({ path: 'name.txt', type: 'file' }))
    block.write('ustar  \0', 257, 'latin1')
    block.write('some/long/folder', 345, 'latin1')
    expect(scanned(signed(block))).toMatchObject([{ path: 'some/long/folder/name.txt' }])
    const [entry] = scanned(signed(block))
    if (entry) expect(scanned(Buffer.from(renameHeader(entry, 'new')))).toMatchObject([{ path: 'new' }])
  })

  it('recognises GNU’s times', () => {
    const block = Buffer.from(encodeTarHeader({ path: 'name.txt', type: 'file' }))
    block.write('ustar  \0', 257, 'latin1')
    block.write('14471234567\0', 345, 'latin1')
    block.write('14471234567\0', 357, 'latin1')
    expect(scanned(signed(block))).toMatchObject([{ path: 'name.txt' }])
  })

  it('gives the same result however the bytes are split, with names of any bytes', async () => {
    const name = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 300,
    })
    const item = fc.tuple(
      name.filter((text) => !text.endsWith('/')),
      fc.string({ unit: 'binary-ascii', maxLength: 1500 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 5 }), fc.integer({ min: 1, max: 3000 }), async (items, chunk) => {
        const tar = Buffer.concat([...items.map(([path, text]) => file(path, text)), Buffer.alloc(1024)])
        const found = await listed(tar, chunk)
        expect(found.map(({ entry, text }) => [entry.path, text])).toEqual(items)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps every attribute of an entry whose name is changed', async () => {
    const home = join(root, 'rename')
    await mkdir(home)
    await writeFile(join(home, 'a'), 'text', { mode: 0o4755 })
    await run('tar', [
      '-c',
      '-f',
      `${home}.tar`,
      '--format=pax',
      '--mtime=@1700000000.5',
      '--owner=x:70000',
      '-C',
      home,
      'a',
    ])
    const [entry] = scanned(await import('node:fs/promises').then(({ readFile }) => readFile(`${home}.tar`)))
    if (!entry) throw new Error('no entry')
    const name = encodeName(`${'ü'.repeat(80)}/b`)
    const [renamed] = scanned(Buffer.concat([renameHeader(entry, name), Buffer.from('text'), Buffer.alloc(508)]))
    expect(renamed).toMatchObject({ path: name, mode: entry.mode, uid: 70000, mtime: 1700000000, size: 4 })
    expect(renamed?.pax.get('mtime')).toBe(entry.pax.get('mtime'))
  })

  const patched = (change: (block: Buffer) => void) => {
    const block = Buffer.from(encodeTarHeader({ path: 'a', type: 'file', size: 0 }))
    change(block)
    block.fill(0x20, 148, 156)
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    )
    return block
  }

  const extension = (size: string) =>
    patched((block) => {
      block.write(size, 124)
      block.write('x', 156)
    })

  it.each([
    ['a wrong checksum', () => Buffer.alloc(512, 'x')],
    ['a size that isn’t a number', () => patched((block) => block.write('zzzzzzzzzzz', 124))],
    ['an extension header of 2 GiB', () => extension('17777777777')],
    ['a size below 0', () => patched((block) => block.fill(0xff, 124, 136))],
    ['an extension header of a size below 0', () => extension('\xff'.repeat(12))],
    [
      'a size below 0 in a pax record',
      () => Buffer.concat([extension('00000000013'), Buffer.from('11 size=-5\n'), Buffer.alloc(501), file('a', '')]),
    ],
    ['a path of 5,000 bytes', () => file('p'.repeat(5000), '')],
    ['an end inside an entry', () => file('a', 'x'.repeat(2000)).subarray(0, 1000)],
    [
      'pax records that overlap',
      () => Buffer.concat([extension('00000000012'), Buffer.from('99 path=a\n'), Buffer.alloc(502)]),
    ],
  ])('refuses %s', (_name, make) => {
    expect(() => scanned(make())).toThrow(expect.objectContaining({ code: 'tar' }))
  })

  const linkTo = (target: string) => Buffer.from(encodeTarHeader({ path: 'a', type: 'symlink', linkPath: target }))
  const extended = (flag: string, key: string, size: number) => {
    const head = patched((block) => {
      block.write(size.toString(8).padStart(11, '0'), 124)
      block.write(flag, 156)
    })
    const text = Buffer.from(`${size} ${key}=`.padEnd(size - 1, 'x').concat('\n'))
    return Buffer.concat([head, text, Buffer.alloc(tarPadding(size))])
  }

  it.each([
    ['paths', { path: 4096 }, (n: number) => file('p'.repeat(n), '')],
    ['what links name', { path: 4096 }, (n: number) => linkTo('t'.repeat(n))],
    [
      'global headers',
      { global: 64 * 1024 },
      (n: number) => Buffer.concat([extended('g', 'uname', 100), extended('g', 'gname', n - 100), file('a', '')]),
    ],
    [
      // Their own blocks count, too: there may be any number of them.
      'extension headers',
      { extension: 1024 * 1024 },
      (n: number) => Buffer.concat([extended('x', 'uname', 100), extended('x', 'gname', n - 1124), file('a', '')]),
    ],
    ['entries', { entries: 1_000_000 }, (n: number) => Buffer.concat(Array<Buffer>(n).fill(file('a', '')))],
  ] as const)('limits %s, to the caller’s value or to %j', (name, limits, make) => {
    expect(TAR_LIMITS).toMatchObject(limits)
    const [key, most] = Object.entries(limits)[0] ?? ['', 0]
    const own = { [key]: 3000 }
    expect(scanned(make(3000), own).length).toBe(key === 'entries' ? 3000 : 1)
    expect(() => scanned(make(3001), own)).toThrow(expect.objectContaining({ code: 'tar' }))
    if (name === 'entries') return
    expect(scanned(make(most))).toHaveLength(1)
    expect(() => scanned(make(most + 1))).toThrow(expect.objectContaining({ code: 'tar' }))
  })

  it('applies a global header to entries without their own, and skips comments', () => {
    const [first, second] = scanned(
      Buffer.concat([
        extended('g', 'comment', 5000),
        extended('g', 'path', 20),
        file('a', ''),
        extended('x', 'path', 30),
        file('b', ''),
      ]),
      { extension: 6000, global: 20 },
    )
    expect(first?.path).toMatch(/^x{10,13}$/)
    expect(second?.path).toMatch(/^x{20,23}$/)
  })

  it('reads the size of a huge file as a number and allocates nothing for it', () => {
    const scanner = new TarScanner()
    const head = encodeTarHeader({ path: 'huge', type: 'file', size: 2 ** 43 })
    const events = [...scanner.feed(Buffer.from(head))]
    expect(events).toMatchObject([{ kind: 'entry', entry: { size: 2 ** 43 } }])
  })

  it.each([
    ['/etc/passwd', 'etc/passwd'],
    ['../../x', 'x'],
    ['a/../../b', 'b'],
    ['./a//b/./c/', 'a/b/c'],
    ['..a/.b', '..a/.b'],
    ['.', ''],
  ])('cleans the path %s to %j', (path, clean) => expect(cleanPath(path)).toBe(clean))
})

describe('decompressing', () => {
  const plain = Buffer.from('some text '.repeat(100_000))
  const read = async (bytes: Buffer, options = {}) => {
    const parts: Buffer[] = []
    for await (const part of decompress(Readable.from(pieces(bytes, 5000)), options)) parts.push(part)
    return Buffer.concat(parts)
  }
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

  it.each([
    ['nothing', plain],
    ['gzip', gzipSync(plain)],
    ['gzip in several members', Buffer.concat([gzipSync(plain.subarray(0, 999)), gzipSync(plain.subarray(999))])],
    ['zstd', zstdCompressSync(plain)],
    [
      'zstd in several frames, some to be skipped',
      Buffer.concat([
        skippable,
        zstdCompressSync(plain.subarray(0, 999)),
        skippable,
        zstdCompressSync(plain.subarray(999)),
        skippable,
      ]),
    ],
  ])('undoes %s', async (_name, bytes) => expect((await read(bytes)).equals(plain)).toBe(true))

  it('fails if the source fails or is truncated', async () => {
    for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) {
      const damaged = Buffer.from(packed).fill(0xff, 40, 80)
      for (const bad of [packed.subarray(0, 60), damaged])
        await expect(read(bad)).rejects.toMatchObject({ name: 'FormatError', code: 'tar' })
    }
    async function* failing() {
      yield gzipSync(plain).subarray(0, 500)
      throw new Error('broke')
    }
    await expect(async () => {
      for await (const _ of decompress(Readable.from(failing()))) {
        // Only the end matters.
      }
    }).rejects.toThrow('broke')
  })

  it('stops at what expands beyond the limit or a plausible ratio', async () => {
    await expect(read(gzipSync(plain), { maxBytes: 1000 })).rejects.toMatchObject({ kind: 'too-large' })
    const zeros = zstdCompressSync(Buffer.alloc(300 * 1024 * 1024))
    await expect(read(zeros)).rejects.toMatchObject({ kind: 'too-large' })
  })

  it('ends the source when the reader leaves', async () => {
    const source = Readable.from(pieces(gzipSync(plain), 100))
    for await (const _ of decompress(source)) break
    expect(source.destroyed).toBe(true)
  })
})
