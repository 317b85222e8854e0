import type { Page } from '@playwright/test'
import { pushImage } from '../lib/testing/servers/images.ts'
import { expect, test } from './image-fixtures.ts'

async function openPalette(page: Page, text: string) {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Repository, repository:tag/ }).fill(text)
}

test('opens a tag in the page’s own registry, and offers every other that has it', async ({ page, homes }) => {
  await pushImage(homes.hub.url, 'palette/both', ['1.4.2'])
  await pushImage(homes.mirror.url, 'palette/both', ['1.4.2'], { layers: [{ other: 'image' }] })
  // Pushed since the registries were listed: opening a repository makes it known.
  for (const registry of ['hub', 'mirror']) await page.goto(`/r/${registry}/palette/both`)
  await openPalette(page, 'palette/both:1.4.2')
  await expect(page.getByRole('option')).toHaveText([/mirror\/palette\/both/, /hub\/palette\/both/, /^Search for/])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/r/mirror/palette/both:1.4.2')
  await expect(page).toHaveTitle(/^mirror\/palette\/both:1\.4\.2/)
})

test('opens a pasted command and a pasted digest', async ({ page, homes }) => {
  const { digest } = await pushImage(homes.mirror.url, 'palette/pasted', ['2.0'])
  await page.goto('/r/mirror/palette/pasted')
  await openPalette(page, `docker pull ${new URL(homes.mirror.url).host}/palette/pasted:2.0`)
  await expect(page.getByRole('option')).toHaveText([/palette\/pasted:2\.0/, /^Search for/])
  await page.getByRole('combobox').fill(`${new URL(homes.mirror.url).host}/palette/pasted`)
  await expect(page.getByRole('option')).toHaveText([/^palette\/pasted.*mirror: no tag latest/, /^Search for/])
  await page.getByRole('combobox').fill(`docker pull ${new URL(homes.mirror.url).host}/palette/pasted:2.0`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/r/mirror/palette/pasted:2.0')
  await openPalette(page, digest)
  await expect(page.getByRole('option')).toHaveText([/mirror/, /^Search for/])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/r/mirror/palette/pasted@${digest}`)
})

test('finds a repository by letters alone', async ({ page, homes }) => {
  await pushImage(homes.hub.url, 'xteam-a/billing-api', ['1'])
  await page.goto('/r/hub')
  await page.getByRole('button', { name: /Refresh|List again/ }).click()
  await openPalette(page, 'xabilapi')
  await expect(page.getByRole('option', { name: /xteam-a\/billing-api/ })).toBeVisible()
})

test('runs the actions that the page offers', async ({ page }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  await openPalette(page, 'compare with previous')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/diff?a=hub/team/app:0.9.0&b=hub/team/app:1.0.0')
  await openPalette(page, 'dark theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveClass(/dark/)
})

test('offers recent pages when nothing is typed', async ({ page }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  await expect.poll(() => page.evaluate(() => localStorage.getItem('lading.recent'))).toContain('team/app:1.0.0')
  await page.goto('/r/hub/team/multi:2')
  await openPalette(page, '')
  await expect(page.getByRole('option', { name: /team\/app:1\.0\.0/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /team\/multi:2/ })).toHaveCount(0)
  await page.goto('/search')
  await openPalette(page, '')
  await expect(page.getByRole('option', { name: /team\/multi:2/ })).toBeVisible()
})

test('forgets recent pages that aren’t there', async ({ page }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  await expect.poll(() => page.evaluate(() => localStorage.getItem('lading.recent'))).toContain('team/app:1.0.0')
  await page.goto('/r/hub/team/app:0.0.0')
  await expect(page.getByText('Not found, or you don’t have access')).toBeVisible()
  await openPalette(page, '')
  await expect(page.getByRole('option', { name: /team\/app:1\.0\.0/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /team\/app:0\.0\.0/ })).toHaveCount(0)
})

test('asks the registries for a name that none of them lists', async ({ page, homes }) => {
  await page.goto('/r/hub')
  await page.keyboard.press('Control+k')
  let name = ''
  // What is pushed after a registry was listed isn't in that list. It may be listed again just now: then another is.
  await expect(async () => {
    name = `palette/unlisted-${crypto.randomUUID()}`
    await pushImage(homes.mirror.url, name, ['3.1', 'latest'])
    await page.getByRole('combobox').fill(`${name}:3.1`)
    await expect(page.getByRole('option', { name: new RegExp(`${name}:3\\.1\\s*mirror`) })).toBeVisible({
      timeout: 10_000,
    })
  }).toPass()
  await page.getByRole('combobox').fill(name)
  await page.getByRole('option', { name: new RegExp(`${name}:latest\\s*mirror`) }).click()
  await expect(page).toHaveURL(`/r/mirror/${name}:latest`)
})

test('offers to search for what isn’t a name', async ({ page }) => {
  await page.goto('/r/hub')
  await openPalette(page, 'label:team=none')
  await expect(page.getByText(/^No matches/)).toBeVisible()
  await page.getByRole('option', { name: 'Search for “label:team=none”' }).click()
  await expect(page).toHaveURL(/\/search\?q=label/)
})

test('says that a repository has no such tag, and that nothing has a digest', async ({ page, homes }) => {
  await pushImage(homes.mirror.url, 'palette/lacking', ['1.0'])
  await page.goto('/r/mirror/palette/lacking')
  await openPalette(page, 'palette/lacking:9.9')
  await expect(page.getByRole('option')).toHaveText([/^palette\/lacking.*mirror: no tag matches 9\.9/, /^Search for/])
  await page.getByRole('combobox').fill(`sha256:${'ab'.repeat(32)}`)
  await expect(page.getByText('No repository that Lading knows has this digest.')).toBeVisible()
})
