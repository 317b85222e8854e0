import type { Page } from '@playwright/test'
import { pushImage } from '../lib/testing/servers/images.ts'
import { expect, test } from './fixtures.ts'

/** Pixels of a browser's window; those between 768 and 1180 leave a table the least room beside the tree. */
const WIDTHS = [390, 768, 820, 1024, 1100, 1152, 1280, 1440, 2560]
/** 12rem. */
const NAME = 192

const LONG = 'pr-2381-fix-basket-rounding-for-zero-decimal-currencies'

test.beforeAll(async ({ stocked: { registry } }) => {
  await pushImage(registry.url, 'wide/app', ['1.0.0', 'latest', LONG])
})

/** The narrowest cell that names a row, and whether the page scrolls sideways. */
const measure = (page: Page) =>
  page.evaluate(() => ({
    name: Math.min(
      ...Array.from(document.querySelectorAll('main table tbody th[scope=row]'), (cell) =>
        Math.round(cell.getBoundingClientRect().width),
      ),
    ),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }))

test('the naming column stays 12rem wide when the page is zoomed to 125 and 140 %', async ({ page }) => {
  await page.goto('/r/local/wide/app')
  // Zooming narrows the window in CSS pixels.
  for (const zoom of [1.25, 1.4])
    for (const width of WIDTHS) {
      await page.setViewportSize({ width: Math.round(width / zoom), height: 900 })
      const { name, sideways } = await measure(page)
      expect.soft(name, `${width} px at ${zoom}`).toBeGreaterThanOrEqual(Math.min(NAME, width / zoom - 140))
      expect.soft(sideways, `${width} px at ${zoom}`).toBe(0)
    }
})

test('less important columns are hidden first, and a wide screen is used', async ({ page }) => {
  await page.goto('/r/local/wide/app')
  const head = (name: string) => page.getByRole('columnheader', { name })
  await page.setViewportSize({ width: 2560, height: 900 })
  expect((await page.getByRole('table').boundingBox())?.width).toBeGreaterThan(1500)
  await page.setViewportSize({ width: 768, height: 900 })
  await expect(head('Platforms')).toBeHidden()
  await expect(head('Digest')).toBeVisible()
  await expect(head('Created')).toBeVisible()
})

test('a long tag is shown whole, on several lines if needed', async ({ page }) => {
  await page.setViewportSize({ width: 820, height: 900 })
  await page.goto('/r/local/wide/app')
  const link = page.getByRole('link', { name: LONG, exact: true })
  expect(await link.evaluate((element) => element.scrollWidth <= (element.parentElement?.clientWidth ?? 0))).toBe(true)
})

test('a phone shows of each repository its newest tag, and a wide window begins every line at one edge', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/r/local/wide')
  const row = page.getByRole('table').getByRole('row', { name: /app/ })
  await expect(async () => {
    await page.reload()
    await expect(row.getByRole('link', { name: '1.0.0' })).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await page.setViewportSize({ width: 2560, height: 900 })
  const edges = [page.getByRole('heading', { level: 1 }), page.getByRole('button', { name: /^Go to a repository/ })]
  const [heading, field] = await Promise.all(edges.map(async (edge) => (await edge.boundingBox())?.x ?? 0))
  expect(Math.abs((heading ?? 0) - (field ?? 0))).toBeLessThan(12)
})
