import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { startLading } from '../lib/testing/servers/lading.ts'
import { expect, test } from './fixtures.ts'

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const { statusCode, headers: answer, body } = await request(url, { headers })
  return { status: statusCode, headers: answer, text: await body.text() }
}

test('probes answer while every registry is down', async () => {
  await using lading = await startLading({ REGISTRY_URL: 'http://127.0.0.1:9', REGISTRY_NAME: 'down' }, '/healthz')
  expect(await get(`${lading.url}/healthz`)).toMatchObject({ status: 200, text: 'ok\n' })
  const ready = await get(`${lading.url}/readyz`)
  expect(ready.status).toBe(200)
  expect(JSON.parse(ready.text)).toEqual({
    ready: true,
    checks: { process: 'ok', configuration: 'ok', dataFolder: 'ok', database: 'ok' },
  })
})

test('metrics count requests, registry requests, cache reads and jobs, for this machine only', async ({
  lading,
  stocked,
}) => {
  await get(`${lading.url}/r/local/team/app`)
  await get(`${lading.url}/no/such/page`)
  const { status, text } = await get(`${lading.url}/metrics`)
  expect(status).toBe(200)
  expect(text).toMatch(/lading_http_request_duration_seconds_count\{method="GET",route="\/r",status="200"\} [1-9]/)
  expect(text).toMatch(/route="other",status="404"/)
  expect(text).toMatch(
    new RegExp(`lading_registry_requests_total\\{host="${stocked.registry.host}",outcome="200"\\} [1-9]`),
  )
  expect(text).toMatch(/lading_content_cache_reads_total\{outcome="(?:hit|miss)"\} \d/)
  expect(text).toMatch(/process_resident_memory_bytes \d/)
  expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/)
  expect(text).not.toContain('team/app')
  expect((await get(`${lading.url}/metrics`, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404)
  expect((await get(`${lading.url}/metrics`, { host: 'lading.example' })).status).toBe(404)
})

test('a metrics token, once set, is required of everyone', async ({ stocked }) => {
  const token = 'canary-metrics-token'
  await using lading = await startLading({
    REGISTRY_URL: stocked.registry.url,
    METRICS_TOKEN: token,
    LOG_LEVEL: 'debug',
  })
  expect((await get(`${lading.url}/metrics`)).status).toBe(404)
  expect((await get(`${lading.url}/metrics`, { authorization: 'Bearer wrong' })).status).toBe(404)
  const forwarded = { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.9' }
  expect((await get(`${lading.url}/metrics`, forwarded)).status).toBe(200)
  expect(lading.output()).not.toContain(token)
})

test('every response names its request, and the log has a JSON line with the same id', async ({ stocked }) => {
  await using lading = await startLading({
    REGISTRY_URL: stocked.registry.url,
    LOG_LEVEL: 'debug',
    TRUSTED_PROXIES: '1',
    ANONYMOUS_ROLE: 'viewer',
  })
  const own = await get(`${lading.url}/`, { 'x-request-id': 'from-the-proxy-1' })
  expect(own.headers['x-request-id']).toBe('from-the-proxy-1')
  const forged = await get(`${lading.url}/`, { 'x-request-id': 'x"}{"level":"error"' })
  expect(forged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  await expect
    .poll(() => logLines(lading.output()))
    .toContainEqual(expect.objectContaining({ request: 'from-the-proxy-1', method: 'GET', path: '/', status: 200 }))
})

test('a missing data folder makes it unready, and the response says why', async ({ stocked }) => {
  const data = await mkdtemp(join(tmpdir(), 'lading-unready-'))
  await using lading = await startLading({ REGISTRY_URL: stocked.registry.url, DATA_DIR: data })
  await rm(data, { recursive: true })
  const { status, text } = await get(`${lading.url}/readyz`)
  expect(status).toBe(503)
  expect(JSON.parse(text)).toMatchObject({
    ready: false,
    checks: { dataFolder: expect.stringContaining('can’t be written') },
  })
  expect((await get(`${lading.url}/healthz`)).status).toBe(200)
})

function logLines(output: string): unknown[] {
  return output.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)]
    } catch {
      return []
    }
  })
}
