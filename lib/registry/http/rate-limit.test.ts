import { afterAll, beforeEach, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type Fault, rateLimited, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { mapConcurrent } from '../concurrent.ts'
import { imageFor } from '../contract/samples.ts'
import { createHttpRegistry } from './http-registry.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 5 } })
const repository = registry.repository(parseRepositoryName('team/app'))
const content = await imageFor(repository)
const tags = Array.from({ length: 40 }, (_, i) => parseTag(`v${i}`))
await mapConcurrent(tags, (tag) => repository.putManifest(tag, content))
beforeEach(() => {
  proxy.clear()
  proxy.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})

/** Lets `count` requests pass in each period; the others are asked to wait as long. */
function limit(count: number, seconds: number): void {
  let began = 0
  let passed = 0
  const busy = rateLimited(seconds) as Extract<Fault, { kind: 'answer' }>
  proxy.on({
    path: '/manifests/',
    fault: {
      kind: 'handle',
      async answer(request, response) {
        if (performance.now() - began > seconds * 1_000) [began, passed] = [performance.now(), 0]
        if (passed++ >= count) return void response.writeHead(429, { 'retry-after': String(seconds) }).end(busy.body)
        const { accept = '' } = request.headers
        const answer = await fetch(server.url + request.url, { method: 'HEAD', headers: { accept } })
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end()
      },
    },
  })
}

it.each([
  [3, 0.5],
  [5, 0.5],
])(
  'forty tags are resolved although only %i requests pass per period, and none is given up',
  async (count, seconds) => {
    limit(count, seconds)
    const started = performance.now()
    const found = await mapConcurrent(tags, (tag) => repository.resolve(tag))
    expect(found).toHaveLength(40)
    // As many periods as the registry's own limit makes them, and few requests in vain.
    const periods = (performance.now() - started) / (seconds * 1_000)
    expect(periods).toBeLessThan(Math.ceil(40 / count) * 1.5)
    expect(proxy.requests.length).toBeLessThan(40 + 16 + (40 / count) * 4)
  },
)

it('one refused while nobody gets through is given up after three tries', async () => {
  proxy.on({ path: '/manifests/', fault: rateLimited(0.05) })
  await expect(repository.manifest(parseTag('v0'))).rejects.toMatchObject({ kind: 'rate-limited' })
  expect(proxy.requests).toHaveLength(3)
})
