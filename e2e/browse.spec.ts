import { pushImage } from '../lib/testing/servers/images.ts'
import { test as base, expect } from './fixtures.ts'

const test = base.extend({
  stocked: [
    async ({ stocked }, use) => {
      const { url } = stocked.registry
      const push = (name: string) => pushImage(url, name, ['1'], { layers: [{ name }] })
      await Promise.all(Array.from({ length: 30 }, (_, index) => push(`many/group-${index % 3}/part-${index}`)))
      await Promise.all([push('both'), push('both/below')])
      await use(stocked)
    },
    { scope: 'worker' },
  ],
})

test('home lists the registry as reachable, with its repositories', async ({ page, stocked }) => {
  await page.goto('/')
  const card = page.getByRole('region', { name: 'local' })
  await expect(card.getByText('Reachable', { exact: true })).toBeVisible()
  await expect(card).toContainText(stocked.registry.host)
  await card.getByRole('link', { name: 'many' }).click()
  await expect(page.getByRole('heading', { name: 'many', level: 1 })).toBeVisible()
})

test('the tree opens levels with the pointer and leads to a repository', async ({ page }) => {
  await page.goto('/')
  const tree = page.getByRole('tree', { name: 'Repositories' })
  const team = tree.getByRole('treeitem', { name: 'team' })
  await expect(team).toHaveAttribute('aria-expanded', 'false')
  await team.locator('span').first().click()
  await expect(team).toHaveAttribute('aria-expanded', 'true')
  await tree.getByRole('treeitem', { name: 'app', exact: true }).getByRole('link').click()
  await expect(page.getByRole('table', { name: 'Tags of team/app' })).toBeVisible()
  await expect(tree.getByRole('treeitem', { name: 'app', exact: true })).toHaveAttribute('aria-selected', 'true')
})

test('arrow keys walk the tree, and Enter opens', async ({ page }) => {
  await page.goto('/')
  const tree = page.getByRole('tree', { name: 'Repositories' })
  const first = tree.getByRole('treeitem', { name: 'both' })
  await first.focus()
  await page.keyboard.press('End')
  await expect(first).not.toBeFocused()
  await page.keyboard.press('Home')
  await expect(first).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(tree.getByRole('treeitem', { name: 'below', exact: true })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(tree.getByRole('treeitem', { name: 'below', exact: true })).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(first).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(tree.getByRole('treeitem', { name: 'below', exact: true })).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await expect(tree.getByRole('treeitem', { name: 'charts' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'charts', level: 1 })).toBeVisible()
})

test('a direct link opens the tree at its target', async ({ page }) => {
  await page.goto('/r/local/many/group-1/part-1')
  const item = page.getByRole('treeitem', { name: 'part-1', exact: true })
  await expect(item).toHaveAttribute('aria-selected', 'true')
  await expect(item).toHaveAttribute('aria-level', '3')
})

test('the filter of the tree finds repositories at any depth by words in any order', async ({ page }) => {
  await page.goto('/')
  const filter = page.getByRole('textbox', { name: /^Filter .* repositories$/ })
  await filter.fill('part-29 many')
  await expect(page.getByText('1 match', { exact: true })).toBeVisible()
  await page.getByRole('complementary').getByRole('link', { name: 'many/group-2/part-29' }).click()
  await expect(page.getByRole('heading', { name: 'many/group-2/part-29', level: 1 })).toBeVisible()
  await filter.press('Escape')
  await expect(page.getByRole('treeitem', { name: 'part-29', exact: true })).toHaveAttribute('aria-selected', 'true')
})

test('the tree’s filter takes a glob or a regular expression, and explains mistakes', async ({ page }) => {
  await page.goto('/')
  const tree = page.getByRole('complementary')
  const filter = tree.getByRole('textbox', { name: /^Filter .* repositories$/ })
  await filter.fill('many/*-2/part-?')
  await expect(tree.getByRole('link')).toHaveText(['many/group-2/part-2', 'many/group-2/part-5', 'many/group-2/part-8'])
  await expect(filter).toHaveAccessibleDescription('Read as a glob')
  await filter.fill('/part-1[12]$/')
  await expect(tree.getByText('2 matches', { exact: true })).toBeVisible()
  await filter.fill('/part-(1/')
  await expect(tree.getByText('Missing closing ).')).toBeVisible()
})

test('a registry with a few repositories lists them all, or by namespace', async ({ page }) => {
  await page.goto('/r/local')
  await page.getByRole('link', { name: /^List all \d+$/ }).click()
  await expect(page.getByRole('table').getByRole('link', { name: 'team/app' })).toBeVisible()
  await page.getByRole('link', { name: 'By namespace' }).click()
  await expect(page.getByRole('table').getByRole('link', { name: /^team/ })).toHaveCount(1)
})

test('a registry’s page filters at any depth and keeps the filter in its URL', async ({ page }) => {
  await page.goto('/r/local')
  await page.keyboard.press('/')
  await page.keyboard.type('group-[12]/PART-1?')
  const main = page.getByRole('main')
  await expect(main.getByText(/^None of \d+ repositories match/)).toBeVisible()
  const filter = main.getByRole('textbox', { name: /^Filter/ })
  await filter.fill('/group-[12]/PART-1.$/')
  await expect(main.getByText('7 matches', { exact: true })).toBeVisible()
  await page.reload()
  await expect(filter).toHaveValue('/group-[12]/PART-1.$/')
  await filter.fill('GROUP-*')
  await expect(main.getByRole('link', { name: 'group-' })).toHaveText([/group-0/, /group-1/, /group-2/])
  await main.getByRole('link', { name: 'many/group-1' }).click()
  await expect(page).toHaveURL('/r/local/many/group-1')
})

test('an invalid filter explains the mistake and shows no results', async ({ page }) => {
  await page.goto('/r/local/many/group-1?names=/(part/')
  await expect(page.getByRole('textbox', { name: 'Filter 10 repositories' })).toHaveAccessibleDescription(
    /^This filter isn’t valid\. Missing closing \)\. .*for example/,
  )
  await expect(page.getByText('The filter isn’t valid, so nothing is shown.')).toBeVisible()
  await expect(page.getByRole('region', { name: '10 repositories' }).getByRole('row')).toHaveCount(0)
  await page.goto('/?names=/(part/')
  await expect(page.getByText('The filter isn’t valid, so nothing is shown.')).toBeVisible()
})

test('home filters every registry and links to all matches', async ({ page }) => {
  await page.goto('/?names=part-*')
  await page.getByRole('link', { name: 'All 30 matches in local' }).click()
  await expect(page).toHaveURL('/r/local?names=part-*')
  await expect(page.getByText('30 matches', { exact: true })).toBeVisible()
})

test('the palette takes a regular expression that contains a colon', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox').fill('/part-(?:2|3)$/')
  await expect(page.getByRole('option')).toHaveText([/part-3/, /part-2/, /^Search for/])
})

test('a path that is both a namespace and a repository shows both', async ({ page }) => {
  await page.goto('/r/local/both')
  await expect(page.getByRole('table', { name: 'Tags of both' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Repositories below' }).getByRole('rowheader')).toHaveText('below')
})

test('a newly pushed tag appears after listing again', async ({ page, stocked }) => {
  await pushImage(stocked.registry.url, 'fresh/one', ['1'])
  await page.goto('/r/local/fresh/one')
  await pushImage(stocked.registry.url, 'fresh/one', ['2'])
  await page.getByRole('main').getByRole('button', { name: 'List again' }).click()
  await expect(page.getByRole('row', { name: /^Select 2/ })).toBeVisible()
})

test('an unknown URL keeps the frame, and a missing tag suggests similar names', async ({ page }) => {
  const response = await page.goto('/zzz')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.goto('/r/local/team/app:1.0.1')
  await page.getByRole('link', { name: '1.0.0', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/app:1.0.0')
})
