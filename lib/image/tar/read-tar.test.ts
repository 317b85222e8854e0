import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { encodeTarHeader } from '../../oci/encode-tar-header.ts'
import { decompress } from './decompress.ts'
import { readTar } from './read-tar.ts'

it('yields to others, and keeps nothing, while it reads 200,000 empty entries', async () => {
  const entries = 200_000
  const block = Buffer.from(encodeTarHeader({ path: 'a', type: 'file' }))
  const part = gzipSync(Buffer.alloc(512 * 10_000, block))
  // Members of gzip follow one another.
  const source = Readable.from(Array.from({ length: entries / 10_000 }, () => part))
  let turns = 0
  let read = 0
  const ended = new AbortController()
  const count = () => {
    turns++
    if (!ended.signal.aborted) setImmediate(count)
  }
  setImmediate(count)
  const before = process.memoryUsage().heapUsed
  for await (const { entry } of readTar(decompress(source))) if (entry.size === 0) read++
  ended.abort()
  expect(read).toBe(entries)
  // 100 MB: a turn for each MiB at least.
  expect(turns).toBeGreaterThan(100)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
})
