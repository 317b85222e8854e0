import type { Page } from '@playwright/test'
import { call, digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { expect, test } from './fixtures.ts'

test.beforeAll(async ({ stocked: { registry } }) => {
  const tags = Array.from({ length: 150 }, (_, index) => `v1.${index}.0`)
  await pushImage(registry.url, 'paged/app', tags)
  await pushImage(registry.url, 'sorted/app', ['1.9.0', 'edge'], {
    layers: [{ big: 'x'.repeat(9) }],
    created: '2024-05-01T00:00:00Z',
  })
  await pushImage(registry.url, 'sorted/app', ['1.10.0'], {
    layers: [{ big: Buffer.from(crypto.getRandomValues(new Uint8Array(40_000))) }],
    created: '2023-05-01T00:00:00Z',
  })
  await pushImage(registry.url, 'sorted/app', ['1.2.0'], {
    layers: [{ big: Buffer.from(crypto.getRandomValues(new Uint8Array(20_000))) }],
    created: '2025-05-01T00:00:00Z',
  })
})

const tagNames = (page: Page) => page.getByRole('table').getByRole('rowheader').getByRole('link')

test('a tag’s row shows its digest, platforms, size and age', async ({ page, stocked }) => {
  await page.goto('/r/local/team/multi')
  const row = page.getByRole('row', { name: /^Select 2 / })
  await expect(row).toContainText(stocked.stock.multi.digest.slice(7, 19))
  await expect(row).toContainText('linux/amd64, arm64/v8')
  await expect(row.getByRole('time')).toHaveAttribute('datetime', '2026-01-02T03:04:05Z')
  await expect(row).toContainText(/\d+ (B|KB|kB|KiB)/)
})

test('tags sort by version number, name, age and size, in both directions', async ({ page }) => {
  await page.goto('/r/local/sorted/app')
  await expect(tagNames(page)).toHaveText(['edge', '1.10.0', '1.9.0', '1.2.0'])
  await expect(page.getByText(/^Newest: 1\.2\.0, built .* ago$/)).toBeVisible()
  await page.getByRole('link', { name: 'by name' }).click()
  await expect(tagNames(page)).toHaveText(['1.10.0', '1.2.0', '1.9.0', 'edge'])
  await page.getByRole('link', { name: 'by name' }).click()
  await expect(tagNames(page)).toHaveText(['edge', '1.9.0', '1.2.0', '1.10.0'])
  await page.getByRole('link', { name: 'Size' }).click()
  await expect(tagNames(page).first()).toHaveText('1.10.0')
  await page.getByRole('link', { name: 'Created' }).click()
  await expect(tagNames(page).first()).toHaveText('1.2.0')
  await expect(page.getByRole('columnheader', { name: 'Created' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByRole('link', { name: 'Created' }).click()
  await expect(tagNames(page).first()).toHaveText('1.10.0')
})

test('a pre-release that was built last is called one', async ({ page, stocked: { registry } }) => {
  await pushImage(registry.url, 'newest/app', ['1.4.2'], { created: '2026-01-01T00:00:00Z' })
  await pushImage(registry.url, 'newest/app', ['2.0.0-rc.1'], { created: '2026-02-01T00:00:00Z', labels: { v: '2' } })
  await page.goto('/r/local/newest/app')
  await expect(page.getByText(/^Newest: 2\.0\.0-rc\.1, a pre-release, built .* ago/)).toBeVisible()
  await page.goto('/r/local/sorted/app')
  await expect(page.getByText(/^Newest: /)).not.toContainText('pre-release')
})

test('on a phone tags sort by the same columns, and each row shows its values', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/r/local/sorted/app')
  await page.getByRole('link', { name: 'Created' }).click()
  await expect(page).toHaveURL('/r/local/sorted/app?sort=created')
  await page.getByRole('link', { name: 'Created' }).click()
  await expect(page).toHaveURL('/r/local/sorted/app?sort=created&dir=asc')
  await expect(tagNames(page).first()).toHaveText('1.10.0')
  await expect(page.getByRole('row', { name: /^Select 1\.10\.0 / }).getByRole('time')).toHaveAttribute(
    'datetime',
    '2023-05-01T00:00:00Z',
  )
  await page.getByRole('link', { name: 'Size' }).click()
  await expect(page).toHaveURL('/r/local/sorted/app?sort=size')
})

test('moving tags come first until another order or a filter is chosen', async ({ page, stocked: { registry } }) => {
  const versions = ['2.1.0', '2.0.1', '2.0.0', '1.9.3', '1.9.2', '1.8.0']
  for (const version of versions) await pushImage(registry.url, 'moving/app', [version], { labels: { version } })
  await pushImage(registry.url, 'moving/app', ['latest', 'stable', '2', '2.1'], { labels: { version: '2.1.0' } })
  await pushImage(registry.url, 'moving/app', ['1.9'], { labels: { version: '1.9.3' } })
  await page.goto('/r/local/moving/app')
  await expect(tagNames(page)).toHaveText(['latest', 'stable', '2', '2.1', '1.9', ...versions])
  await expect(page.getByRole('columnheader', { name: 'Moving tags' })).toBeVisible()
  await page.getByRole('rowheader').getByRole('link', { name: '2.1.0', exact: true }).focus()
  await page.keyboard.press('x')
  await expect(page.getByRole('checkbox', { name: 'Select 2.1.0', exact: true })).toBeChecked()
  await page.goto('/r/local/moving/app?q=2.*')
  await expect(tagNames(page)).toHaveText(['2.1', '2.1.0', '2.0.1', '2.0.0'])
  await expect(page.getByRole('columnheader', { name: 'Moving tags' })).toHaveCount(0)
})

test('tags are filtered by a glob or a regular expression', async ({ page }) => {
  await page.goto('/r/local/paged/app?q=v1.?.0')
  const filter = page.getByRole('textbox', { name: 'Filter tags' })
  // That it takes a query, too, shows before anything is typed.
  await expect(filter).toHaveAttribute('placeholder', 'Filter tags: 1.4.*, age:>90d')
  await expect(page.getByText('10 of 150 tags')).toBeVisible()
  await filter.fill('/^v1\\.1[0-4]\\./')
  await expect(page.getByText('5 of 150 tags')).toBeVisible()
  await filter.fill('/v1[/')
  await expect(filter).toHaveAccessibleDescription(/^This filter isn’t valid/)
  await expect(page.getByText('The filter isn’t valid, so nothing is shown.')).toBeVisible()
  await expect(tagNames(page)).toHaveCount(0)
})

test('tags on one digest are counted and named, on a phone too', async ({ page }) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto('/r/local/team/app')
    const marked = page.getByRole('row', { name: /3 tags with this digest/ })
    await expect(marked.getByRole('rowheader').getByRole('link')).toHaveText(['latest', '1.0', '1.0.0'])
    await expect(marked.first().getByTitle('Same digest as 1.0, 1.0.0').filter({ visible: true })).toHaveCount(1)
  }
})

test('tags on one digest are counted per page until all pages are known', async ({ page }) => {
  await page.goto('/r/local/paged/app')
  await expect(page.getByRole('row', { name: /^Select v1\.149\.0 / })).toContainText('100 on this page')
  await page.goto('/r/local/paged/app?sort=size')
  await expect(page.getByRole('row', { name: /^Select v1\.149\.0 |^Select v1\.0\.0 / }).first()).toContainText(
    '150 tags',
  )
})

test('a tag that only holds referrers is counted, and listed one click away', async ({ page, stocked: { stock } }) => {
  await page.goto('/r/local/team/app')
  await expect(page.getByText('4 tags, 1 referrer tag hidden')).toBeVisible()
  await expect(tagNames(page)).toHaveCount(4)
  await page.getByRole('link', { name: '1 referrer tag' }).click()
  await expect(tagNames(page)).toHaveText([/^sha256-[0-9a-f]{64}$/])
  await expect(page.getByRole('row', { name: /All referrers/ })).toContainText(stock.app.digest.slice(7, 19))
})

test('releases, pre-releases and pull requests are one click away, and another click shows all', async ({
  page,
  stocked: { registry },
}) => {
  const releases = Array.from({ length: 9 }, (_, index) => `1.${index}.0`)
  await pushImage(registry.url, 'kinds/app', [...releases, '2.0.0-rc.1', 'pr-12', 'pr-7', 'latest'])
  await page.goto('/r/local/kinds/app')
  const queries = page.getByRole('list', { name: 'Queries' })
  await expect(queries.getByRole('link')).toHaveText(['Releases9', 'Pre-releases1', 'Pull requests2', 'Not signed'])
  await queries.getByRole('link', { name: 'Pull requests' }).click()
  await expect(tagNames(page)).toHaveText(['pr-12', 'pr-7'])
  await queries.getByRole('link', { name: 'Pull requests' }).click()
  await expect(page).toHaveURL('/r/local/kinds/app')
  await expect(tagNames(page)).toHaveCount(13)
})

test('more than a hundred tags are paged, and a page can be shared', async ({ page, context }) => {
  await page.goto('/r/local/paged/app?sort=name&dir=asc')
  await expect(tagNames(page)).toHaveCount(100)
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page.getByText('101–150 of 150')).toBeVisible()
  await expect(tagNames(page)).toHaveCount(50)
  const shown = await tagNames(page).allTextContents()
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(tagNames(other)).toHaveText(shown)
})

test('filter, order and page are kept in the URL and survive a reload', async ({ page }) => {
  await page.goto('/r/local/paged/app?page=2')
  await page.keyboard.press('/')
  await page.keyboard.type('.14')
  await expect(page.getByText('11 of 150 tags')).toBeVisible()
  await page.getByRole('link', { name: 'by name' }).click()
  await expect(page).toHaveURL('/r/local/paged/app?q=.14&sort=name&dir=asc')
  const shown = await tagNames(page).allTextContents()
  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Filter tags' })).toHaveValue('.14')
  await expect(tagNames(page)).toHaveText(shown)
})

test('a link to the repository without a filter clears the field too', async ({ page }) => {
  await page.goto('/r/local/team/app?q=1.0')
  const filter = page.getByRole('textbox', { name: 'Filter tags' })
  await expect(filter).toHaveValue('1.0')
  await page.getByRole('treeitem', { name: 'app', selected: true }).click()
  await expect(page).toHaveURL('/r/local/team/app')
  await expect(filter).toHaveValue('')
  await filter.fill('0.9')
  await expect(page).toHaveURL('/r/local/team/app?q=0.9')
  await filter.fill('')
  await expect(page).toHaveURL('/r/local/team/app')
})

test('a filter that nothing matches says so and can be cleared', async ({ page }) => {
  await page.goto('/r/local/team/app?q=nope')
  await expect(page.getByText('No tag matches “nope”.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filter' }).click()
  await expect(tagNames(page)).toHaveCount(4)
})

test('unknown URLs show not-found inside the frame', async ({ page }) => {
  for (const path of ['/r/local/no/such', '/r/local/team/app:nope', '/r/nowhere', '/nothing/here']) {
    const response = await page.goto(path)
    expect(response?.status(), path).toBe(404)
    await expect(page.getByText('Not found, or you don’t have access')).toBeVisible()
  }
})

test('sorted by creation, each row shows the minute', async ({ page }) => {
  await page.goto('/r/local/sorted/app?sort=created')
  const row = page.getByRole('row', { name: /^Select 1\.2\.0 / })
  await expect(row.getByText('2025-05-01 00:00', { exact: true })).toBeVisible()
})

test('a missing tag is named on the not-found page, with a link to its repository', async ({ page, stocked }) => {
  await page.goto('/r/local/team/app:nope')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('local/team/app:nope')
  await pushImage(stocked.registry.url, 'gone/app', ['1', '2'])
  await page.goto('/r/local/gone/app')
  const digest = await digestOfTag(stocked.registry.url, 'gone/app', '1')
  await call(stocked.registry.url, 'DELETE', `/v2/gone/app/manifests/${digest}`, [202])
  await page.getByRole('rowheader').getByRole('link', { name: '2', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('local/gone/app:2')
  await page.getByRole('link', { name: 'Go to gone/app' }).click()
  await expect(page).toHaveURL('/r/local/gone/app')
})
