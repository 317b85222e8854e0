import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { freeOnceWritten } from '../registry/freed-pieces.ts'
import { freeDownloads } from './free-downloads.ts'

it('frees the pieces of a download once they are sent, and sends all of them as they were', async () => {
  freeDownloads()
  const pieces = Array.from({ length: 100 }, () => new Uint8Array(randomBytes(65_536)))
  const kept = new Uint8Array(randomBytes(65_536))
  const whole = Buffer.concat([...pieces, kept])
  const server = createServer(async (_, response) => {
    const stream = Readable.from(pieces)
    freeOnceWritten(stream)
    await pipeline(stream, response, { end: false })
    response.end(kept)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  const received = Buffer.from(await answer.arrayBuffer())
  server.close()
  expect(received.equals(whole)).toBe(true)
  expect(pieces.every(({ buffer }) => (buffer as ArrayBuffer).detached)).toBe(true)
  expect(kept.byteLength).toBe(65_536)
})
