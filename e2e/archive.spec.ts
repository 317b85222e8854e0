import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { pushSchema1 } from '../lib/testing/servers/schema1-images.ts'
import { skopeoRaw } from '../lib/testing/servers/skopeo.ts'
import { expect, test } from './image-fixtures.ts'

let folder = ''
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-archives-'))
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

async function download(page: Page, choice: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  const [started] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: choice }).click(),
  ])
  const path = join(folder, started.suggestedFilename())
  await started.saveAs(path)
  return path
}

test('an OCI archive keeps the index byte for byte, and skopeo reads it', async ({ page, homes }) => {
  await page.goto('/r/hub/team/multi:2')
  const path = await download(page, /OCI archive, all platforms/)
  expect(path).toMatch(/multi-2\.oci\.tar$/)
  expect(await skopeoRaw(`oci-archive:${path}`)).toEqual(homes.stock.multi.bytes)
})

test('skopeo reads a docker save archive', async ({ page }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  const path = await download(page, /docker save archive/)
  const inspected = JSON.parse(execFileSync('skopeo', ['inspect', `docker-archive:${path}`]).toString())
  expect(inspected.Labels['com.example.owner']).toBe('Platform team')
})

test('the root file system has whiteouts applied, for the platform on the page', async ({ page }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  const names = execFileSync('tar', ['tf', await download(page, /Root file system/)])
    .toString()
    .split('\n')
  expect(names).toEqual(expect.arrayContaining(['app/run', 'etc/os-release']))
  expect(names).not.toContain('app/gone.txt')
  await page.goto('/r/hub/team/multi:2?platform=linux/arm64/v8')
  const path = await download(page, /Root file system/)
  expect(path).toMatch(/multi-2-linux-arm64-v8\.rootfs\.tar$/)
  expect(execFileSync('tar', ['xOf', path, 'app/arch']).toString()).toBe('arm64')
})

test('a download that can’t be made returns an error status, not a broken file', async ({ request }) => {
  const chart = await request.get('/api/archive/docker/hub/charts/web:1.2.3')
  expect(chart.status()).toBe(422)
  expect((await chart.json()).detail).toContain('isn’t a container image')
  for (const path of ['oci/hub/no/such:1', 'oci/nowhere/team/app:1', 'zip/hub/team/app:1.0.0', 'oci/hub/..%2fx:1'])
    expect((await request.get(`/api/archive/${path}`)).status()).toBe(404)
})

test('a schema 1 image shows what its signatures prove, and is converted for docker load', async ({ page, homes }) => {
  await pushSchema1(homes.hub.url, 'legacy/signed', 'old', { labels: { owner: 'Ann' } })
  await page.goto('/r/hub/legacy/signed:old')
  const signatures = page.getByRole('region', { name: /Signatures in this manifest/ })
  await expect(signatures.getByText('Intact')).toBeVisible()
  await expect(signatures).toContainText('not who signed it')
  const path = await download(page, /docker save archive.*converted from schema 1/)
  const inspected = JSON.parse(execFileSync('skopeo', ['inspect', `docker-archive:${path}`]).toString())
  expect(inspected.Labels).toEqual({ owner: 'Ann' })
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  await expect(page.getByRole('menuitem')).toHaveCount(2)
})

test('an SBOM is read where it refers to an image, and can be downloaded', async ({ page, homes }) => {
  await page.goto(`/r/hub/team/app:1.0.0?tab=referrers`)
  await page.getByRole('button', { name: `Read SBOM ${homes.stock.sbom.digest}` }).click()
  await expect(page.getByText('SPDX 2.3')).toBeVisible()
  const table = page.getByRole('table').filter({ hasText: 'Licence' })
  await expect(table.getByRole('rowheader')).toHaveText(['musl', 'zlib'])
  await page.getByRole('textbox', { name: 'Filter packages' }).fill('mit 1.2')
  await expect(table.getByRole('row')).toHaveText(['PackageVersionLicence', 'musl1.2.5MIT'])
  const row = page.getByRole('listitem').filter({ hasText: 'SPDX' })
  const [started] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('link', { name: 'Download' }).click(),
  ])
  expect(started.suggestedFilename()).toMatch(/-0\.spdx\.json$/)
})

test('a download cancelled in the browser stops reading from the registry, and the server keeps running', async ({
  page,
}) => {
  await using registry = await startDockerRegistry()
  await using proxy = await startFaultProxy(registry.url)
  await using lading = await startLading({ REGISTRY_URL: proxy.url, REGISTRY_NAME: 'local' })
  const { layers } = await pushImage(registry.url, 'given/up', ['1'], { layers: [{ big: randomBytes(300_000) }] })
  const layer = `/blobs/${layers[0]?.digest}`
  // Sends the first bytes and then, so that the browser is surely in the middle of it, nothing for a long time.
  proxy.on({ method: 'GET', path: layer, nth: 1, fault: { kind: 'slow-body', ms: 600_000, after: 100_000 } })
  await page.goto(`${lading.url}/r/local/given/up:1`)
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /OCI archive/ }).click(),
  ])
  await expect.poll(() => proxy.count('GET', layer)).toBe(1)
  await download.cancel()
  await expect.poll(() => proxy.abandoned).toEqual([`/v2/given/up${layer}`])
  const again = await page.request.get(`${lading.url}/api/archive/oci/local/given/up:1`)
  expect((await again.body()).byteLength).toBeGreaterThan(300_000)
  expect(lading.output()).not.toMatch(/uncaught|unhandled/i)
})
