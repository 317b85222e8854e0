import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { warmUp } from './warm-up.ts'

it.each([
  ['127.0.0.1', '127.0.0.1', ''],
  ['0.0.0.0', '127.0.0.1', '/lading'],
  ['::1', '[::1]', ''],
  ['::', '[::1]', ''],
])('renders a page of the server that listens on %s', async (host, name, basePath) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    response.writeHead(404).end('not found')
  }).listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await warmUp({ host, port, basePath })
  server.close()
  expect(asked).toEqual([`${name}:${port}${basePath}/warm-up`])
})

it('lets the server run where it can’t reach itself', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  await expect(warmUp({ host: '127.0.0.1', port, basePath: '' })).resolves.toBeUndefined()
})
