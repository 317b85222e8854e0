import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { PEOPLE, signIn, test } from './people.ts'

// People without a grant see nothing.
test.use({ ladingEnv: { ...PEOPLE, ANONYMOUS_ROLE: 'none' } })

const KIB = 1024

test.beforeAll(async ({ stocked: { registry } }) => {
  const base = { 'usr/lib/base': randomBytes(300 * KIB) }
  for (const name of ['team/store', 'team/shop', 'hidden/vault'])
    await pushImage(registry.url, name, ['1', 'latest'], { layers: [base, { app: randomBytes(100 * KIB) }] })
  await pushImage(registry.url, 'team/store', ['2'], { layers: [base, { app: randomBytes(50 * KIB) }] })
})

/** Nothing is synced on its own in these tests. */
async function sync(page: Page): Promise<void> {
  await signIn(page, 'ada')
  await page.getByRole('button', { name: 'Sync now' }).click()
  await expect(page.getByText(/^Synced/)).toBeVisible({ timeout: 30_000 })
}

test('storage counts each layer once, from the registry down to the image that deleting frees', async ({ page }) => {
  await sync(page)
  await page.goto('/storage')
  await expect(page.getByRole('heading', { name: /^local holds/ })).toBeVisible()
  const uncounted = page.getByText('Signatures, SBOMs and attestations aren’t counted.')
  await expect(uncounted).toBeVisible()
  await page.getByRole('table', { name: 'Storage of local' }).getByRole('link', { name: 'team' }).click()
  await expect(page).toHaveURL('/storage?registry=local&path=team')
  const rows = page.getByRole('table', { name: 'Storage of local/team' })
  const store = rows.getByRole('row', { name: /store/ })
  // 300 of 450 KiB are shared with the others.
  await expect(store).toContainText(/45\d KiB/)
  await expect(store).toContainText(/15\d KiB/)
  await expect(store.getByRole('img', { name: /^3[34]% unique/ })).toBeVisible()

  // The map says the same, and is walked by key.
  const map = page.getByRole('group', { name: /^Map of local\/team/ })
  await map.getByRole('link', { name: /^store, 15\d KiB/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/r/local/team/store?view=storage')
  await expect(uncounted).toBeVisible()
  const images = page.getByRole('table', { name: 'Storage of team/store by image' })
  await expect(images.getByRole('rowheader')).toHaveCount(2)
  await expect(images.getByRole('row', { name: /latest/ })).toContainText(/10\d KiB/)
  const layers = page.getByRole('table', { name: 'Largest layers' })
  await expect(layers.getByRole('row', { name: /hidden\/vault/ })).toContainText('all 3 repositories stop using it')
})

test('a repository of which no image has been read yet can be deleted as a whole', async ({ page, stocked }) => {
  const { url } = stocked.registry
  for (const tag of ['1', '2']) await pushImage(url, 'team/unread', [tag], { labels: { tag } })
  await signIn(page, 'ada', '/r/local/team/unread?view=storage')
  await expect(page.getByText('No image has been read yet')).toBeVisible()
  await page.getByRole('button', { name: 'Delete repository…' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete 2 tags and 2 images from team/unread')
  await page.getByLabel('Type 2 to confirm').fill('2')
  await page.getByRole('button', { name: 'Delete 2 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deleted 2 of 2 tags from team/unread')
  for (const tag of ['1', '2']) expect(await digestOfTag(url, 'team/unread', tag)).toBeUndefined()
})

test('the area of the map that has the focus stands out, also a namespace’s', async ({ page }) => {
  await sync(page)
  await page.goto('/storage')
  const area = page.getByRole('group', { name: /^Map of/ }).getByRole('link', { name: /^team\/, / })
  const stroke = () => area.locator('rect').evaluate((rect) => getComputedStyle(rect).stroke)
  const before = await stroke()
  await area.focus()
  expect(await stroke()).not.toBe(before)
})

test('the map walked by key keeps the focus: at the first area one level down, and with Back where one was', async ({
  page,
}) => {
  await sync(page)
  await page.goto('/storage')
  const areas = page.getByRole('group', { name: /^Map of/ }).getByRole('link')
  const team = areas.filter({ hasText: /^team\/, / }).first()
  await team.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/storage?registry=local&path=team')
  await expect(areas.first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\?view=storage$/)
  await page.goBack()
  await expect(areas.first()).toBeFocused()
  await page.goBack()
  await expect(page).toHaveURL('/storage')
  await expect(team).toBeFocused()
})

test('a hidden repository is in no sum, layer or name of the storage page', async ({ page }) => {
  await sync(page)
  await page.context().clearCookies()
  await signIn(page, 'vera', '/storage')
  await expect(page.getByRole('heading', { name: /^local holds/ })).toBeVisible()
  await expect(page.locator('main')).not.toContainText('vault')
  await expect(page.locator('main')).not.toContainText('hidden')
  expect((await page.goto('/storage?registry=local&path=hidden'))?.status()).toBe(404)
  await page.goto('/r/local/team/store?view=storage')
  const layers = page.getByRole('table', { name: 'Largest layers' })
  await expect(layers.getByRole('row', { name: /team\/shop/ })).toContainText('both repositories stop using it')
  await expect(page.locator('main')).not.toContainText('vault')
})

test('tags and images say how many bytes only they hold, where there is room', async ({ page }) => {
  await page.setViewportSize({ width: 1600, height: 900 })
  await signIn(page, 'ada', '/r/local/team/store')
  const tags = page.getByRole('table', { name: 'Tags of team/store' })
  const unique = tags.getByRole('columnheader', { name: 'Unique' })
  await expect(unique).toBeVisible()
  // 300 KiB of each are in every image.
  const row = (tag: string) =>
    tags.getByRole('row').filter({ has: page.getByRole('rowheader', { name: tag, exact: true }) })
  await expect(row('2').getByRole('cell', { name: /^5\d(\.\d)? KiB$/ })).toBeVisible()
  await expect(row('latest').getByRole('cell', { name: /^10\d(\.\d)? KiB$/ })).toBeVisible()
  await page.setViewportSize({ width: 1024, height: 900 })
  await expect(unique).toBeHidden()
  await page.setViewportSize({ width: 1600, height: 900 })
  await page.getByRole('navigation', { name: 'Views of this repository' }).getByRole('link', { name: 'Images' }).click()
  const images = page.getByRole('table', { name: 'Images of team/store' })
  const latest = images.getByRole('row', { name: /latest/ })
  await expect(latest.getByRole('cell', { name: /^10\d(\.\d)? KiB$/ })).toBeVisible()
})

test('a repository’s tabs keep its filter among tags and images, and each has a URL', async ({ page }) => {
  await signIn(page, 'ada', '/r/local/team/store?q=latest')
  const tabs = page.getByRole('navigation', { name: 'Views of this repository' })
  await tabs.getByRole('link', { name: 'Images' }).click()
  await expect(page).toHaveURL('/r/local/team/store?view=images&q=latest')
  for (const [name, view] of [
    ['History', 'history'],
    ['Labels', 'labels'],
    ['Storage', 'storage'],
    ['Policy', 'policy'],
  ] as const) {
    await tabs.getByRole('link', { name }).click()
    await expect(page).toHaveURL(`/r/local/team/store?view=${view}`)
    await expect(tabs.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
  }
  await tabs.getByRole('link', { name: /^Tags/ }).click()
  await expect(page).toHaveURL('/r/local/team/store')
})

test('an operator deletes an image whose last tag was deleted, and restores it in one step', async ({
  page,
  stocked: { registry },
}) => {
  const repository = 'team-a/clean'
  const push = (tag: string) => pushImage(registry.url, repository, [tag], { labels: { build: tag } })
  const [first, second] = [await push('1'), await push('2')]
  await signIn(page, 'omar', `/r/local/${repository}`)
  for (const tag of ['1', '2']) await expect(page.getByRole('rowheader').getByRole('link', { name: tag })).toBeVisible()
  await page.goto(`/r/local/${repository}:1`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete tag 1' }).click()
  await expect(
    page.getByRole('region', { name: /Notifications/ }).getByRole('dialog', { name: 'Tag 1 deleted' }),
  ).toBeVisible()
  expect(await digestOfTag(registry.url, repository, first.digest)).toBe(first.digest)
  await page.goto(`/r/local/${repository}?view=storage`)
  await page.getByRole('button', { name: 'Delete untagged images…' }).click()
  const dialog = page.getByRole('dialog', { name: `Delete untagged images from ${repository}` })
  await dialog.getByLabel('Keep images that lost their last tag').fill('0')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText(`Delete 1 untagged image from ${repository}`)
  await page.getByLabel('Type 1 to confirm').fill('1')
  await page.getByRole('button', { name: 'Delete 1 image' }).click()
  await expect(heading).toHaveText(`Deleted 1 of 1 untagged image from ${repository}`)
  await expect(page.getByText('Free the space in local')).toBeVisible()
  expect(await digestOfTag(registry.url, repository, first.digest)).toBeUndefined()
  expect(await digestOfTag(registry.url, repository, '2')).toBe(second.digest)
  await page.getByRole('button', { name: 'Undo all 1 image' }).click()
  await expect(heading).toHaveText(`Restored 1 untagged image in ${repository}`)
  expect(await digestOfTag(registry.url, repository, first.digest)).toBe(first.digest)
})

test('the current tab is scrolled into view on a phone, also by browsers without scroll-initial-target', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 500 })
  await page.addInitScript(() =>
    document.addEventListener('readystatechange', () => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('* { scroll-initial-target: none !important }')
      document.adoptedStyleSheets = [sheet]
    }),
  )
  await signIn(page, 'ada', '/r/local/team/store?view=policy')
  const tabs = page.getByRole('navigation', { name: 'Views of this repository' })
  await expect(tabs.getByRole('link', { name: 'Policy' })).toBeInViewport({ ratio: 0.95 })
  expect(await tabs.evaluate((nav) => nav.scrollLeft)).toBeGreaterThan(0)
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
})
