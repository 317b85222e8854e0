import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { startHttpServer } from '../../../testing/servers/http-server.ts'
import { createHttpRegistry } from '../http-registry.ts'

const MIB = 1024 * 1024

/** What the token server answers, and how many bytes of it it could send. */
let answer: (response: ServerResponse) => void | Promise<void> = () => {}
let sent = 0

const server = await startHttpServer(async (request, response) => {
  if (request.url?.startsWith('/token')) return answer(response)
  const known = request.headers.authorization === 'Bearer good'
  const challenge = { 'www-authenticate': `Bearer realm="${server.url}/token",service="s"` }
  response.writeHead(known ? 200 : 401, known ? {} : challenge).end('{}')
})
const credentials = { username: 'ann', password: 'secret' }
const registry = createHttpRegistry({ name: 'r', url: server.url, credentials, timeouts: { retry: 1 } })
afterAll(async () => {
  await registry.close()
  await server.stop()
})

async function sendForEver(response: ServerResponse): Promise<void> {
  sent = 0
  const chunk = 'x'.repeat(65_536)
  const chunks = function* () {
    yield '{"token":"'
    // 1 GiB is as good as no end.
    for (; sent < 1024 * MIB; sent += chunk.length) yield chunk
  }
  await pipeline(Readable.from(chunks()), response).catch(() => undefined)
}

describe('a token server’s response', () => {
  it('that never ends is abandoned after 1 MiB, in flat memory', async () => {
    answer = sendForEver
    const before = process.memoryUsage().rss
    await expect(registry.ping()).rejects.toMatchObject({ kind: 'too-large', host: server.host })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MIB)
    // What it could send beyond the limit lies in the buffers of both sockets.
    expect(sent).toBeLessThan(32 * MIB)
  })

  it('that announces more than 1 MiB isn’t read', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': MIB + 1 }).write('{')
    }
    await expect(registry.ping()).rejects.toMatchObject({ kind: 'too-large' })
  })

  it('that refuses at endless length is still a refusal', async () => {
    answer = (response) => {
      response.statusCode = 401
      return sendForEver(response)
    }
    await expect(registry.ping()).rejects.toMatchObject({ kind: 'unauthorized', status: 401 })
    expect(sent).toBeLessThan(32 * MIB)
  })

  it('of just under 1 MiB is accepted', async () => {
    const frame = JSON.stringify({ token: 'good', padding: '' })
    answer = (response) => void response.end(JSON.stringify({ token: 'good', padding: ' '.repeat(MIB - frame.length) }))
    await expect(registry.ping()).resolves.toBeUndefined()
  })
})
