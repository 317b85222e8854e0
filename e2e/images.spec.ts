import { pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { expect, test } from './fixtures.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

test.beforeAll(async ({ stocked: { registry } }) => {
  await pushImage(registry.url, 'chips/app', ['1.4.1'], { layers: [{ version: '1.4.1' }] })
  await pushImage(registry.url, 'chips/app', ['1.4.2', '1.4', '1', 'latest'], { layers: [{ version: '1.4.2' }] })
})

test('one click shows a row for each image, its moving tags first', async ({ page }) => {
  await page.goto('/r/local/chips/app')
  await page.getByRole('navigation', { name: 'Views of this repository' }).getByRole('link', { name: 'Images' }).click()
  await expect(page).toHaveURL('/r/local/chips/app?view=images')
  const rows = page.getByRole('table', { name: 'Images of chips/app' }).getByRole('rowheader')
  await expect(rows).toHaveCount(2)
  await expect(rows.first().getByRole('link')).toHaveText(['latest', '1', '1.4', '1.4.2'])
  await expect(page.getByText('2 images', { exact: true })).toBeVisible()
})

test('an untagged image is listed where the registry can report it', async ({ page }) => {
  await using lading = await startLading({ ANONYMOUS_ROLE: 'admin' })
  await page.goto(`${lading.url}/r/local/samples/web/checkout/api:0.8.0`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete tag 0.8.0' }).click()
  await expect(page.getByText('It has no tag now.').first()).toBeVisible()
  await page.goto(`${lading.url}/r/local/samples/web/checkout/api?view=images`)
  await expect(page.getByRole('columnheader', { name: '1 image without a tag' })).toBeVisible()
  await page.getByRole('rowheader').getByRole('link', { name: 'No tag' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^samples\/web\/checkout\/api@/)
})

test('tags and images say which of them are signed, once that was checked', async ({ page }) => {
  await using lading = await startLading({ SYNC_MINUTES: '60' })
  await page.setViewportSize({ width: 1440, height: 900 })
  const signature = (name: RegExp) => page.getByRole('row', { name }).getByText('signed', { exact: true })
  for (const view of ['', '?view=images'])
    await expect(async () => {
      await page.goto(`${lading.url}/r/local/samples/platform/tools/ladle${view}`)
      await expect(signature(/latest/)).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
  await page.goto(`${lading.url}/r/local/samples/web/storefront`)
  const unsigned = page.getByRole('row', { name: /^Select latest / }).getByText('not signed', { exact: true })
  await expect(unsigned.filter({ visible: true })).toHaveCount(1)
})

test('images are filtered by their tags', async ({ page }) => {
  await page.goto('/r/local/chips/app?view=images&q=latest')
  const rows = page.getByRole('table').getByRole('rowheader')
  await expect(rows).toHaveCount(1)
  await expect(rows.getByRole('link', { name: '1.4.2' })).toBeVisible()
})

test('a row’s menu copies its tag, digest and pull commands', async ({ page, stocked }) => {
  const name = `${stocked.registry.host}/chips/app`
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await page.goto('/r/local/chips/app')
  for (const [item, copied] of [
    ['Copy tag', /^1\.4\.1$/],
    ['Copy digest', /^sha256:[0-9a-f]{64}$/],
    ['Copy pull command by tag', new RegExp(`^docker pull ${name}:1\\.4\\.1$`)],
    ['Copy pull command by digest', new RegExp(`^docker pull ${name}@sha256:[0-9a-f]{64}$`)],
  ] as const) {
    await page.getByRole('button', { name: 'Actions for 1.4.1' }).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
    await expect.poll(clipboard).toMatch(copied)
  }
})

test('the key c copies the pull command of the focused row by digest', async ({ page, stocked }) => {
  await page.goto('/r/local/chips/app')
  await page.getByRole('rowheader').getByRole('link', { name: '1.4.1', exact: true }).focus()
  await page.keyboard.press('c')
  await expect(page.getByText('Pull command copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    new RegExp(`^docker pull ${stocked.registry.host}/chips/app@sha256:`),
  )
})
