import type { Page } from '@playwright/test'
import { expect, test } from './filled.ts'
import { violations } from './violations.ts'

/** Pixels of a browser's window; those between 768 and 1180 leave a table the least room beside the tree. */
const WIDTHS = [390, 768, 820, 1024, 1100, 1152, 1280, 1440, 2560]
/** 12rem. */
const NAME = 192

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
}

test('every page in every state keeps to WCAG 2.2 AA in both themes, and fits every width', async ({
  page,
  filled,
}) => {
  // Five minutes on a machine that does nothing else.
  test.setTimeout(1_500_000)
  for (const [name, path] of Object.entries(filled.pages)) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await open(page, path)
    const found = await violations(page)
    expect.soft(found, `${name}, light`).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect(page.locator('html')).toHaveClass(/\bdark\b/)
    // A theme changes colours alone.
    const dark = await violations(page, (axe) => axe.withRules(['color-contrast']))
    expect.soft(dark, `${name}, dark`).toEqual([])
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      const { sideways, narrowest } = await page.evaluate(() => ({
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        narrowest: Math.min(
          ...Array.from(document.querySelectorAll('main .table tbody th[scope=row]'), (cell) =>
            Math.round(cell.getBoundingClientRect().width),
          ),
        ),
      }))
      expect.soft(sideways, `${name} at ${width} px`).toBe(0)
      expect.soft(narrowest, `${name} at ${width} px`).toBeGreaterThanOrEqual(NAME)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }
})

test('nothing that can’t be used is printed', async ({ page, filled }) => {
  await page.emulateMedia({ media: 'print' })
  for (const name of ['labels of a sample', 'labels', 'audit', 'policy', 'tags', 'a plan, finished']) {
    await open(page, filled.pages[name] ?? '')
    await expect.soft(page.getByRole('banner'), name).toBeHidden()
    await expect.soft(page.getByRole('complementary', { name: 'Registries' }), name).toBeHidden()
    for (const button of await page.getByRole('main').getByRole('button').all())
      await expect.soft(button, name).toBeHidden()
    // Hiding what a column holds moves none of the others.
    for (const cell of await page.locator('main .table tbody th[scope=row]').all())
      expect.soft((await cell.boundingBox())?.width, name).toBeGreaterThanOrEqual(NAME)
  }
})

test('where one is stays visible in forced colours', async ({ page, filled }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await open(page, filled.pages['labels of a sample'] ?? '')
  // The page itself, at the end of its breadcrumbs, needs no mark.
  const current = page
    .getByRole('main')
    .locator(':is([aria-current], [aria-selected=true]):not(nav[aria-label=Breadcrumb] *)')
    .filter({ visible: true })
  for (const each of await current.all()) {
    const [own, other] = await each.evaluate((element) => {
      const look = (one: Element | null | undefined) => {
        if (!one) return ''
        const { borderBottomColor, borderBottomWidth, backgroundColor, outlineStyle, color, textDecorationLine } =
          getComputedStyle(one)
        return [borderBottomColor, borderBottomWidth, backgroundColor, outlineStyle, color, textDecorationLine].join()
      }
      const sibling = [...(element.parentElement?.children ?? [])].find(
        (one) => one !== element && one.tagName === element.tagName,
      )
      return [look(element), look(sibling)]
    })
    if (other) expect.soft(own).not.toBe(other)
  }
})

test('no page is kept by a cache that others share, in whatever form it’s asked for', async ({ page, filled }) => {
  const forms: Record<string, string>[] = [
    {},
    { rsc: '1' },
    { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  ]
  for (const [name, path] of Object.entries(filled.pages))
    for (const headers of forms) {
      const response = await page.request.get(path, { headers })
      expect.soft(response.headers()['cache-control'], `${name} ${JSON.stringify(headers)}`).toMatch(/\bno-store\b/)
      await response.dispose()
    }
})
