import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/** What Enter would open. */
const highlighted = (page: Page) => page.locator('[role=option][data-highlighted]')

test('the first Tab offers to skip to the content', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
})

test('the palette opens a tag by keyboard alone', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Repository, repository:tag, digest or action' })).toBeFocused()
  await page.keyboard.type('team app')
  await expect(highlighted(page)).toContainText('team/app')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('combobox')).toHaveValue('team/app:')
  await page.keyboard.type('0.9')
  await expect(page.getByRole('option')).toHaveText([/0\.9\.0/, /Search/])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/app:0.9.0')
})

test('Enter in the palette waits for the typed tags, however late they arrive', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('team/app:')
  await expect(highlighted(page)).toBeVisible()
  const answers = Promise.withResolvers<void>()
  await page.route('**/*', async (route) => {
    if (route.request().method() === 'POST') await answers.promise
    await route.continue()
  })
  await page.keyboard.type('0.9')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox')).toHaveValue('team/app:0.9')
  answers.resolve()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/app:0.9.0')
})

test('the palette opens pages, closes on Escape and returns the focus', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
  const button = page.getByRole('button', { name: 'Go to a repository or tag' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(button).toBeFocused()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('compare')
  await expect(page.getByRole('option', { name: /Compare two images/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/diff')
})

test('/ filters the tags, t the tree, and Escape clears', async ({ page }) => {
  await page.goto('/r/local/team/app')
  const tags = page.getByRole('textbox', { name: 'Filter tags' })
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('/')
  await expect(tags).toBeFocused()
  await page.keyboard.type('t/')
  await expect(tags).toHaveValue('t/')
  await page.keyboard.press('Escape')
  await expect(tags).toHaveValue('')
  await page.keyboard.press('Escape')
  await expect(tags).not.toBeFocused()
  await page.keyboard.press('t')
  await expect(page.getByRole('textbox', { name: /^Filter \d+ repositories$/ })).toBeFocused()
})

test('a field can be focused and filled in before the page’s code has loaded', async ({ page, context }) => {
  const code = Promise.withResolvers<void>()
  await context.route('**/*.js', async (route) => {
    await code.promise
    await route.continue()
  })
  const tags = page.getByRole('textbox', { name: 'Filter tags' })
  const opened = page.goto('/r/local/team/app')
  await expect(page.getByRole('row', { name: /^Select 0\.9\.0 / })).toBeVisible()
  await page.keyboard.press('/')
  await expect(tags).toBeFocused()
  await page.keyboard.type('1.0')
  code.resolve()
  await opened
  await expect(page).toHaveURL('/r/local/team/app?q=1.0')
  await expect(tags).toHaveValue('1.0')
  await expect(page.getByRole('row', { name: /^Select 0\.9\.0 / })).toHaveCount(0)
})

test('text typed while the palette loads ends up in it', async ({ page, context }) => {
  await page.goto('/r/local/team/app')
  const code = Promise.withResolvers<void>()
  await context.route('**/*.js', async (route) => {
    await code.promise
    await route.continue()
  })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('team/app')
  code.resolve()
  await expect(highlighted(page)).toContainText('team/app')
  await expect(page.getByRole('combobox')).toHaveValue('team/app')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox', { name: /^Filter \d+ repositories$/ })).toHaveValue('')
})

test('the palette accepts a name with its registry', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('local/team/app:0.9')
  await expect(page.getByRole('option')).toHaveText([/0\.9\.0/, /Search/])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/app:0.9.0')
})

test('? lists the shortcuts, but not while typing in a field', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('/')
  await page.keyboard.type('?')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the theme can be switched and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/')
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await page.reload()
  await expect(page.locator('html')).toHaveClass(/dark/)
})
