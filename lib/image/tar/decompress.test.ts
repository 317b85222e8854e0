import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decompress } from './decompress.ts'

const MIB = 1024 * 1024

/** Reads to the end. @returns how many bytes came out */
async function drain(source: Readable): Promise<number> {
  let bytes = 0
  for await (const chunk of decompress(source)) bytes += chunk.length
  return bytes
}

describe.each([
  ['gzip', gzipSync(Buffer.alloc(16 * MIB))],
  ['zstd', zstdCompressSync(Buffer.alloc(16 * MIB))],
] as const)('%s', (_, zeros) => {
  test('a gibibyte of zeros is refused as a bomb', async () => {
    // Both formats allow parts one after the other.
    const bomb = Readable.from(Array.from({ length: 64 }, () => zeros))
    await expect(drain(bomb)).rejects.toMatchObject({ kind: 'too-large', message: expect.stringContaining('bomb') })
  })

  test('a layer with a large file of zeros is read', async () => {
    expect(await drain(Readable.from([zeros, zeros]))).toBe(32 * MIB)
  })
})
