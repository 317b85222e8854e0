import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { limitConnections } from './connection-limits.ts'

const IDLE = 400
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(answer: Parameters<typeof createServer>[1]): Promise<Socket> {
  limitConnections(IDLE)
  const server = createServer({ requestTimeout: 500, connectionsCheckingInterval: 50 }, answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
  socket.on('error', () => {})
  return socket
}

const ended = (socket: Socket) =>
  new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())))

it('lets an upload take as long as it makes progress', async () => {
  const received = Promise.withResolvers<number>()
  const socket = await serve(async (request, response) => {
    let size = 0
    for await (const chunk of request) size += chunk.length
    received.resolve(size)
    response.end()
  })
  socket.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\n\r\n')
  for (let n = 0; n < 12; n += 1) {
    await delay(100)
    socket.write('x')
  }
  expect(await received.promise).toBe(12)
  socket.destroy()
})

it('ends a stalled upload', async () => {
  const socket = await serve((request) => void request.on('error', () => {}).resume())
  const started = performance.now()
  socket.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\n\r\nx')
  expect((await ended(socket)) - started).toBeGreaterThan(IDLE - 50)
})

it('ends a download that nobody reads', async () => {
  const closed = Promise.withResolvers<void>()
  const socket = await serve((_, response) => {
    response.once('close', closed.resolve)
    response.write(Buffer.alloc(64 * 1024 * 1024))
  })
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await closed.promise
  socket.destroy()
})

it('waits for a slow response', async () => {
  const socket = await serve((_, response) => {
    setTimeout(() => response.end('late'), IDLE * 3)
  })
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/late$/)
})
