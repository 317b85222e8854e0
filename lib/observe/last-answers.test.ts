import { createServer } from 'node:http'
import { Agent, request } from 'undici'
import { expect, it } from 'vitest'
import { stopping } from '../config/stopping.ts'
import { closeAfterLastAnswers } from './last-answers.ts'

it('ends the connections that a balancer keeps once the process is to stop, and not before', async () => {
  closeAfterLastAnswers()
  const server = createServer((_, response) => response.end('ok'))
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
  const asked = new Promise((resolve) => stopping().addEventListener('abort', resolve))
  process.emit('SIGTERM')
  await asked
  expect(await connectionOf()).toBe('close')
  await dispatcher.close()
  server.close()
})
