import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { collect } from '../../listing.ts'
import { createHttpRegistry } from '../http-registry.ts'

/** What a port answers to a client that connects and sends something. */
let says = ''
const sockets = new Set<Socket>()
const server = createServer((socket) => {
  sockets.add(socket.on('error', () => undefined))
  socket.once('data', () => socket.end(says))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const bound = server.address()
const host = `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`
const registry = createHttpRegistry({ name: 'r', url: `http://${host}`, timeouts: { retry: 1 } })
const repository = registry.repository(parseRepositoryName('team/app'))
const digest = digestOf('x')
afterAll(async () => {
  await registry.close()
  for (const socket of sockets) socket.destroy()
  server.close()
})

const ok = 'HTTP/1.1 200 OK\r\n'
const answers: readonly [string, string][] = [
  ['an SSH server', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a mail server', '220 mail.example.com ESMTP\r\n'],
  ['a line that isn’t a header', `${ok}bad header\r\n\r\n`],
  ['a header with a control character', `${ok}a: b\x01c\r\n\r\n`],
  ['a length and chunks', `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and a length', `${ok}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
  ['a negative length', `${ok}content-length: -1\r\n\r\n`],
  ['headers without end', `${ok}a: ${'x'.repeat(100_000)}\r\n\r\n`],
  ['another version of HTTP', 'HTTP/9.9 200 OK\r\n\r\n'],
]

const refusal = {
  name: 'RegistryError',
  kind: 'malformed',
  host,
  message: expect.stringContaining(`${host} doesn’t speak HTTP`),
}

describe.each(answers)('a port that answers with %s', (_name, text) => {
  it.each([
    ['a ping', () => registry.ping()],
    ['a manifest', () => repository.manifest(parseTag('1'))],
    ['a list', () => collect(repository.tags())],
    ['a blob', () => repository.blob(digest).then(({ stream }) => buffer(stream))],
    ['an upload', () => repository.putBlob(Buffer.from('x'))],
  ])('is reported not to speak HTTP: %s', async (_what, ask) => {
    says = text
    await expect(ask()).rejects.toMatchObject(refusal)
  })
})

it('is reported for a response that begins well, too', async () => {
  says = `${ok}transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n`
  await expect(repository.manifest(parseTag('1'))).rejects.toMatchObject(refusal)
  await expect(collect(repository.tags())).rejects.toMatchObject(refusal)
})
