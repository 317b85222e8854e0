import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { freePort } from '../../testing/servers/free-port.ts'
import { createHttpRegistry } from './http-registry.ts'

it('asks a registry that is thought to be down, and once it answers everything else does too', async () => {
  const port = await freePort()
  const registry = createHttpRegistry({ name: 'hub', url: `http://127.0.0.1:${port}` })
  const ask = () => registry.repository(parseRepositoryName('team/app')).resolve(parseTag('1'))
  for (let i = 0; i < 5; i++) await expect(ask()).rejects.toMatchObject({ kind: 'unreachable' })
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    response.writeHead(request.url === '/v2/' ? 200 : 404).end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await expect(ask()).rejects.toMatchObject({ kind: 'unreachable' })
  expect(requests).toBe(0)
  await registry.ping()
  await expect(ask()).rejects.toMatchObject({ kind: 'not-found' })
  await registry.close()
  server.close()
})
