import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { type DecompressLimits, decompress } from './decompress.ts'

const MIB = 1024 * 1024

/** Reads to the end. @returns how many bytes came out */
async function drain(source: Readable, options: DecompressLimits = {}): Promise<number> {
  let bytes = 0
  for await (const chunk of decompress(source, options)) bytes += chunk.length
  return bytes
}

const bomb = { kind: 'too-large', message: expect.stringContaining('bomb') }

describe.each([
  ['gzip', gzipSync(Buffer.alloc(16 * MIB)), gzipSync],
  ['zstd', zstdCompressSync(Buffer.alloc(16 * MIB)), zstdCompressSync],
] as const)('%s', (_, zeros, pack) => {
  // Both formats allow parts one after the other.
  const gibibyte = () => Readable.from(Array.from({ length: 64 }, () => zeros))

  test('refuses a gibibyte of zeros as a bomb', async () => {
    await expect(drain(gibibyte())).rejects.toMatchObject(bomb)
  })

  test('reads a layer with a large file of zeros', async () => {
    expect(await drain(Readable.from([zeros, zeros]))).toBe(32 * MIB)
  })

  test('refuses what expands beyond its limit, and reads it with a higher one', async () => {
    const parts = () => Readable.from([zeros, zeros])
    await expect(drain(parts(), { freeBytes: 30 * MIB, maxRatio: 10 })).rejects.toMatchObject(bomb)
    expect(await drain(parts(), { freeBytes: 0, maxRatio: 50_000 })).toBe(32 * MIB)
    await expect(drain(parts(), { maxBytes: 32 * MIB - 1 })).rejects.toMatchObject({ kind: 'too-large' })
  })

  test('refuses what takes too long to unpack', async () => {
    const part = pack(Buffer.alloc(1000, 'text'))
    const parts = () => Readable.from(Array.from({ length: 50 }, () => part))
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
    try {
      await expect(drain(parts())).rejects.toMatchObject({ ...bomb, message: expect.stringContaining('took longer') })
      expect(await drain(parts(), { maxTime: 3_600_000 })).toBe(50_000)
    } finally {
      clock.mockRestore()
    }
  })

  test.each(['source', 'reader'])('the waits for the %s are no time of unpacking', async (slow) => {
    const part = pack(Buffer.alloc(1000, 'text'))
    async function* parts() {
      for (let i = 0; i < 8; i++) {
        if (slow === 'source') await wait(150)
        yield part
      }
    }
    let bytes = 0
    for await (const chunk of decompress(Readable.from(parts()), { maxTime: 1_000 })) {
      bytes += chunk.length
      if (slow === 'reader') await wait((chunk.length * 1_200) / 8_000)
    }
    expect(bytes).toBe(8000)
  })
})

/** A frame of one block that does not say how much it holds: `size` times an `a`. */
function unsized(size: number): Buffer {
  const block = Buffer.alloc(4)
  block.writeUIntLE((size << 3) | 0b011, 0, 3)
  block.write('a', 3)
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), block])
}

// docker load takes the first two.
test.each([
  ['xz', 'fd377a585a000004e6d6b446'],
  ['bzip2', '425a6839314159265359f5fd'],
  ['lz4', '04224d186440a70000000000'],
  ['a zip file', '504b03041400000008008d8b'],
  ['a 7z file', '377abcaf271c000400000000'],
])('names what it can’t unpack: %s', async (name, head) => {
  const packed = Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(2_000)])
  await expect(drain(Readable.from([packed]))).rejects.toMatchObject({
    code: 'tar',
    expected: `gzip, zstd or a plain tar, but this is ${name}`,
  })
  // Whatever the pieces are that it comes in.
  await expect(drain(Readable.from(Array.from(packed, (byte) => Buffer.from([byte]))))).rejects.toMatchObject({
    code: 'tar',
  })
})

test('takes a plain tar whose first name begins like another format', async () => {
  expect(await drain(Readable.from([Buffer.from('BZh9-notes.txt'.padEnd(1024, '\0'))]))).toBe(1024)
})

describe('zstd in parts', () => {
  test('that don’t say how much they hold are read, even a thousand of them', async () => {
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => unsized(3)))
    const start = process.cpuUsage()
    expect(await drain(Readable.from([many]))).toBe(60_000)
    expect(secondsSince(start)).toBeLessThan(5)
  })

  test('that are small and hold much are read', async () => {
    const block = unsized(128 * 1024).subarray(6)
    const more = Buffer.from([(block[0] ?? 0) & ~1, ...block.subarray(1)])
    const frame = Buffer.concat([unsized(1).subarray(0, 6), more, more, more, block])
    expect(await drain(Readable.from([frame, frame]))).toBe(1024 * 1024)
  })

  test('thousands of small ones are read quickly without blocking others', async () => {
    const parts = Array.from({ length: 20_000 }, (_, i) => zstdCompressSync(Buffer.from(`part ${i}\n`)))
    let ticks = 0
    const timer = setInterval(() => ticks++, 5)
    const start = process.cpuUsage()
    const plain = await buffer(decompress(Readable.from([Buffer.concat(parts)])))
    clearInterval(timer)
    // A stream for each of them would take some 20 seconds.
    expect(secondsSince(start)).toBeLessThan(5)
    expect(ticks).toBeGreaterThan(3)
    expect(plain.toString()).toBe(Array.from({ length: 20_000 }, (_, i) => `part ${i}\n`).join(''))
  })

  test.each([0, 1, 255, 256, 257, 65_791, 65_792, 262_144, 262_145, 3 * MIB])('of %i bytes are read', async (size) => {
    const content = Buffer.alloc(size, 'abcdefg')
    const parts = Buffer.concat([zstdCompressSync(content), zstdCompressSync(content, { pledgedSrcSize: size })])
    expect((await buffer(decompress(Readable.from([parts])))).equals(Buffer.concat([content, content]))).toBe(true)
  })

  test('with endless empty blocks aren’t collected', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 3])
    const empty = Buffer.alloc(3 * 100_000)
    const last = Buffer.from([25, 0, 0, 0x61, 0x62, 0x63])
    const text = await buffer(decompress(Readable.from([Buffer.concat([frame, empty, last])])))
    expect(text.toString()).toBe('abc')
  })

  test('whose header understates their content are refused', async () => {
    const lying = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 25, 0, 0, 0x61, 0x62, 0x63])
    await expect(drain(Readable.from([lying]))).rejects.toThrow()
  })
})

/** Of processor time, which a busy machine doesn't stretch as it does the clock. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
