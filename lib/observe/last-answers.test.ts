import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { Agent, request } from 'undici'
import { expect, it } from 'vitest'
import { stopping } from '../config/stopping.ts'
import { closeAfterLastAnswers } from './last-answers.ts'

it('ends the connections that a balancer keeps once the process is to stop, and not before', async () => {
  closeAfterLastAnswers()
  let download: ServerResponse | undefined
  const server = createServer({ keepAliveTimeout: 60_000 }, ({ url }, response) => {
    if (url !== '/download') return response.end('ok')
    download = response
    response.writeHead(200, { 'content-length': 2 }).write('o')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const dispatcher = new Agent({ connections: 1 })
  const connectionOf = async () => {
    const { headers, body } = await request(`http://127.0.0.1:${address.port}`, { dispatcher })
    await body.dump()
    return headers.connection
  }
  expect(await connectionOf()).toBe('keep-alive')
  const socket = connect(address.port, '127.0.0.1')
  socket.write('GET /download HTTP/1.1\r\nhost: a\r\n\r\n')
  expect(String(await once(socket, 'data'))).toMatch(/keep-alive/)
  const asked = once(stopping(), 'abort')
  process.emit('SIGTERM')
  await asked
  expect(await connectionOf()).toBe('close')
  const closed = once(socket, 'close')
  download?.end('k')
  await closed
  await dispatcher.close()
  server.close()
})
