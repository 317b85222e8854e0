import { expect, test } from '@playwright/test'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'

/** A real registry as Docker Hub shows itself: no catalog, and the search that `docker search` asks. */
test('a repository that the registry doesn’t list is found by the registry’s own search, and its tags from there', async ({
  page,
}) => {
  await using registry = await startDockerRegistry()
  await pushImage(registry.url, 'team/listed', ['1'])
  await pushImage(registry.url, 'vendor/proxy', ['2.1', '2.2'])
  const results = [{ name: 'vendor/proxy', description: 'A proxy', is_official: false }]
  await using hub = await startFaultProxy(registry.url, {
    rules: [
      { path: '/_catalog', fault: { kind: 'answer', status: 403 } },
      { path: '/v1/search?q=broken', fault: { kind: 'answer', status: 503 } },
      { path: '/v1/search?q=', fault: { kind: 'answer', status: 200, body: JSON.stringify({ results }) } },
    ],
  })
  await using lading = await startLading({
    REGISTRY_URL: hub.url,
    REGISTRY_NAME: 'hub',
    REGISTRY_REPOSITORIES: 'team/listed',
  })
  await page.goto(lading.url)
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox')
  await field.fill('li')
  await expect(page.getByRole('option', { name: /team\/listed/ })).toBeVisible()
  await field.fill('proxy')
  await expect(page.getByRole('option', { name: 'vendor/proxy found by hub' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(field).toHaveValue('vendor/proxy:')
  await expect(page.getByRole('option')).toHaveText([/2\.2/, /2\.1/, /^Search for/])
  await field.fill('broken')
  await expect(page.getByText('hub didn’t answer, and may have more.')).toBeVisible()
  await field.fill('proxy')
  await page.getByRole('option', { name: 'vendor/proxy found by hub' }).click()
  await expect(page.getByRole('heading', { name: 'vendor/proxy' })).toBeVisible()
  // Lading waits for the browser's connections when it stops.
  await page.context().close()
})

test('a search that is open while a registry is first synced shows everything when the sync ends', async ({ page }) => {
  await using registry = await startDockerRegistry()
  await pushImage(registry.url, 'team/late', ['9.9'])
  const { promise: read, resolve: letRead } = Promise.withResolvers<void>()
  await using proxy = await startFaultProxy(registry.url, {
    rules: [{ path: '/team/late/', fault: { kind: 'run', run: () => read } }],
  })
  await using lading = await startLading({ REGISTRY_URL: proxy.url, REGISTRY_NAME: 'hub', SYNC_MINUTES: '60' })
  await expect(async () => {
    await page.goto(`${lading.url}/search?q=late`)
    await expect(page.getByText('hub is being synced for the first time')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  letRead()
  await expect(page.getByRole('main').getByRole('link', { name: '9.9', exact: true })).toBeVisible({ timeout: 30_000 })
  await page.context().close()
})
