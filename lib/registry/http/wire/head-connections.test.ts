import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { digestOf } from '../../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { createHttpRegistry } from '../http-registry.ts'

const DOCUMENT = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [],
})
const DIGEST = digestOf(Buffer.from(DOCUMENT))
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oci.image.index.v1+json\r\nContent-Length: ${DOCUMENT.length}\r\nDocker-Content-Digest: ${DIGEST}\r\n\r\n`

let stop = () => {}
afterEach(() => stop())

/** A registry of one manifest, which counts its connections. */
async function serve({ sendsBodyAfterHead }: { sendsBodyAfterHead: boolean }) {
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      for (const [method] of data.toString().matchAll(/^(?:HEAD|GET)(?= )/gm)) {
        socket.write(method === 'GET' ? ANSWER + DOCUMENT : ANSWER)
        // Late enough for the next request to have been sent.
        if (method === 'HEAD' && sendsBodyAfterHead) setTimeout(() => socket.write(DOCUMENT), 1)
      }
    })
  })
  stop = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const repository = createHttpRegistry({ name: 'hub', url }).repository(parseRepositoryName('team/app'))
  return { repository, connections: () => connections }
}

const tag = parseTag('1.4.2')

test('reads one tag after another over one connection', async () => {
  const { repository, connections } = await serve({ sendsBodyAfterHead: false })
  for (let n = 0; n < 20; n++) expect((await repository.resolve(tag)).digest).toBe(DIGEST)
  expect((await repository.manifest(tag)).digest).toBe(DIGEST)
  expect(connections()).toBeLessThanOrEqual(2)
})

test('reads right from a server that sends a body with the answer to a HEAD', async () => {
  const { repository } = await serve({ sendsBodyAfterHead: true })
  for (let n = 0; n < 20; n++) {
    expect((await repository.resolve(tag)).digest).toBe(DIGEST)
    expect((await repository.manifest(tag)).digest).toBe(DIGEST)
  }
  const many = await Promise.all(Array.from({ length: 40 }, () => repository.resolve(tag)))
  expect(many.every(({ digest }) => digest === DIGEST)).toBe(true)
})
