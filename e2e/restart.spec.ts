import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { startNginx } from '../lib/testing/servers/nginx.ts'
import { expect, test } from './fixtures.ts'

/** Longer than a test may take: what waits for it makes the test fail. */
const DRAIN = { DRAIN_SECONDS: '3600' }

const isRunning = ({ pid }: Lading) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends a server at once while a page follows a repository`, async ({ stocked }) => {
    await using lading = await startLading({ REGISTRY_URL: stocked.registry.url, REGISTRY_NAME: 'local', ...DRAIN })
    const stream = await request(`${lading.url}/api/changes/local/team/app`)
    expect(stream.headers['content-type']).toBe('text/event-stream')
    const text = stream.body.text()
    process.kill(lading.pid, signal)
    // A page takes `end` or `problem` for the last word, and would not follow the next process.
    expect(await text).not.toMatch(/event: (?:end|problem)/)
    await expect.poll(() => isRunning(lading)).toBe(false)
  })

test('a download that is under way when the server is stopped arrives whole', async ({ stocked }) => {
  const { registry } = stocked
  const large = { 'large.bin': randomBytes(48 << 20) }
  const [layer] = (await pushImage(registry.url, 'team/large', ['1'], { layers: [large] })).layers
  await using lading = await startLading({ REGISTRY_URL: registry.url, REGISTRY_NAME: 'local', ...DRAIN })
  const download = await request(`${lading.url}/api/blob/local/team/large@${layer?.digest}`)
  expect(download.statusCode).toBe(200)
  // A balancer's connection, which it keeps open.
  const balancer = new Agent({ connections: 1, pipelining: 1 })
  const probe = () => request(`${lading.url}/readyz`, { dispatcher: balancer })
  const { statusCode, body } = await probe()
  expect([statusCode, await body.json()]).toEqual([200, expect.objectContaining({ ready: true })])
  process.kill(lading.pid, 'SIGTERM')
  await expect
    .poll(() =>
      probe().then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  expect((await download.body.arrayBuffer()).byteLength).toBe(layer?.size)
  await expect.poll(() => isRunning(lading), { timeout: 10_000 }).toBe(false)
})

test('a page that is open behind a proxy follows its repository again after a restart', async ({ page, stocked }) => {
  const data = await mkdtemp(join(tmpdir(), 'lading-restart-'))
  const repository = 'team/restarted'
  await pushImage(stocked.registry.url, repository, ['1.0'])
  const port = await freePort()
  await using proxy = await startNginx(
    `proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1; proxy_buffering off;
    proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
  )
  const settings = {
    REGISTRY_URL: stocked.registry.url,
    REGISTRY_NAME: 'local',
    NEXTAUTH_URL: proxy.url,
    TRUSTED_PROXIES: '1',
    ANONYMOUS_ROLE: 'viewer',
    DATA_DIR: data,
    PORT: String(port),
  }
  try {
    {
      await using _lading = await startLading(settings)
      const opened = page.waitForResponse(/\/api\/changes\//)
      await page.goto(`${proxy.url}/r/local/${repository}`)
      await opened
    }
    // The proxy answers for a server that isn't there.
    await expect(page.waitForResponse((answer) => answer.status() === 502)).resolves.toBeDefined()
    await pushImage(stocked.registry.url, repository, ['1.1'], { labels: { version: '1.1' } })
    await using _next = await startLading(settings)
    await expect(page.getByRole('row', { name: /1\.1/ })).toBeVisible({ timeout: 60_000 })
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 3 })
  }
})
