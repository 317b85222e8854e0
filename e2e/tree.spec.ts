import { pushImage } from '../lib/testing/servers/images.ts'
import { test as base, expect } from './fixtures.ts'
import { violations } from './violations.ts'

/** More roots than fit on a screen. */
const ROOTS = 60

const test = base.extend({
  stocked: [
    async ({ stocked }, use) => {
      const names = Array.from({ length: ROOTS }, (_, index) => `root-${String(index).padStart(2, '0')}/app`)
      await Promise.all(names.map((name) => pushImage(stocked.registry.url, name, ['1'])))
      await use(stocked)
    },
    { scope: 'worker' },
  ],
})

test('the tree scrolls to where a link led, far below the fold', async ({ page }) => {
  await page.goto('/r/local/root-55/app')
  await expect(page.getByRole('treeitem', { name: 'app', selected: true })).toBeInViewport()
})

test('the tree follows the current page, and doesn’t scroll when its row is on screen', async ({ page }) => {
  await page.goto('/r/local/root-02/app')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('root-58')
  await expect(page.getByRole('option', { name: /root-58\/app/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('root-58/app')
  await expect(page.getByRole('treeitem', { name: 'app', selected: true })).toBeInViewport()
  await page.getByRole('treeitem', { name: 'root-57' }).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('root-57')
  await expect(page.getByRole('treeitem', { name: 'root-57' })).toBeInViewport()
})

test('Tab reaches the tree however far it is scrolled, and axe finds nothing', async ({ page }) => {
  await page.goto('/r/local/root-55/app')
  await page.locator('[data-tree]').evaluate((tree) => tree.scrollTo(0, 0))
  await expect(page.getByRole('treeitem', { name: 'charts' })).toBeInViewport()
  await expect(page.locator('[role=treeitem][tabindex="0"]')).toHaveCount(1)
  expect(await violations(page, (axe) => axe.withRules(['scrollable-region-focusable']))).toEqual([])
  await page.locator('[role=treeitem][tabindex="0"]').focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('treeitem', { name: 'root-55' })).toBeFocused()
})

test('↓ moves from the tree’s filter into its matches, and ↑ back', async ({ page }) => {
  await page.goto('/')
  const tree = page.getByRole('complementary')
  const filter = tree.getByRole('textbox', { name: /^Filter/ })
  await filter.press('ArrowDown')
  await expect(tree.getByRole('treeitem').first()).toBeFocused()
  await filter.fill('root-1')
  await expect(tree.getByText('10 matches')).toBeVisible()
  await filter.press('ArrowDown')
  await expect(tree.getByRole('link', { name: 'root-10/app' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(tree.getByRole('link', { name: 'root-11/app' })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(filter).toBeFocused()
})

test('Enter opens the first match of the tree’s filter as soon as it is there', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('t')
  await page.keyboard.type('root-33')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('root-33/app')
})

test('Enter opens the first match of home’s filter, and ↓ moves to it', async ({ page }) => {
  await page.goto('/')
  const filter = page.getByRole('main').getByRole('textbox', { name: 'Filter repositories' })
  await filter.fill('root-4')
  await filter.press('ArrowDown')
  await expect(
    page
      .getByRole('main')
      .getByRole('link', { name: /^root-40/ })
      .first(),
  ).toBeFocused()
  await filter.fill('root-47')
  await filter.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('root-47')
})

test('the tree marks the repository of a blob’s page', async ({ page, stocked }) => {
  await page.goto(`/d/local/team/app@${stocked.stock.app.config.digest}`)
  await expect(page.getByRole('treeitem', { name: 'app', selected: true })).toBeInViewport()
})
