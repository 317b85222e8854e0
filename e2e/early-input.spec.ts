import type { BrowserContext } from '@playwright/test'
import { expect } from './fixtures.ts'
import { signIn, test } from './people.ts'

test('a query typed before the page’s code has loaded is searched', async ({ page, context }) => {
  const release = await holdCode(context)
  const opened = page.goto('/search')
  const query = page.getByRole('combobox', { name: 'Query' })
  await query.click()
  await page.keyboard.type('repo:team/app')
  release()
  await opened
  await expect(page).toHaveURL(/\/search\?q=repo:team/)
  await expect(query).toHaveValue('repo:team/app')
})

test('a side typed before the page’s code has loaded is compared', async ({ page, context }) => {
  const release = await holdCode(context)
  const opened = page.goto('/diff?b=local/team/app:1.0.0')
  const before = page.getByRole('combobox', { name: 'Before' })
  await before.click()
  await page.keyboard.type('local/team/app:0.9.0')
  release()
  await opened
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page).toHaveURL(/\/diff\?a=local\/team\/app:0\.9\.0&b=/)
})

test('a button pressed before the page’s code has loaded does its work', async ({ page, context }) => {
  const release = await holdCode(context)
  const opened = page.goto('/r/local/team/app:1.0.0')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  release()
  await opened
  await expect(page.getByRole('dialog', { name: /^Check/ })).toBeVisible()
})

test('the user’s menu opened before the page’s code has loaded stays open', async ({ page, context }) => {
  await signIn(page, 'audrey', '/r/local/team/app:1.0.0')
  const release = await holdCode(context)
  const opened = page.reload()
  await page.getByRole('button', { name: /^audrey: / }).click()
  const signOut = page.getByRole('button', { name: 'Sign out' })
  await expect(signOut).toBeVisible()
  release()
  await opened
  // The page's code has taken the menu over, and a moment later has run its effects.
  const isTakenOver = () =>
    Object.keys(document.querySelector(':popover-open, [popover]') ?? {}).some((key) => key.startsWith('__react'))
  await page.waitForFunction(isTakenOver)
  await page.waitForTimeout(300)
  await expect(signOut).toBeVisible()
})

test('keys work on a page that wasn’t found, which the browser renders', async ({ page }) => {
  await page.goto('/r/local/team/app:0.0.0')
  await expect(page.getByText('Not found, or you don’t have access')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: /^Repository, repository:tag/ })).toBeFocused()
})

test('Ctrl+K pressed before the page’s code has loaded opens the palette', async ({ page, context }) => {
  const release = await holdCode(context)
  const opened = page.goto('/r/local/team/app')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  release()
  await opened
  await page.getByRole('combobox', { name: /^Repository, repository:tag/ }).fill('team/app')
  await expect(page.getByRole('option').filter({ hasText: 'team/app' }).first()).toBeVisible()
})

test('what is typed after an early Ctrl+K is in the palette’s field, and so is what follows', async ({
  page,
  context,
}) => {
  const release = await holdCode(context)
  const opened = page.goto('/r/local/team/app')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  // `t` and `/` lead to fields of the page otherwise.
  await page.keyboard.type('team/xx')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  release()
  await opened
  const field = page.getByRole('combobox', { name: /^Repository, repository:tag/ })
  await expect(field).toHaveValue('team/')
  await page.keyboard.type('app')
  await expect(field).toHaveValue('team/app')
  await expect(page.getByRole('option').filter({ hasText: 'team/app' }).first()).toBeVisible()
})

test('a saved search is deleted by a button whose code has not loaded', async ({ page, context }) => {
  await signIn(page, 'audrey', '/search?q=early')
  const saved = page.getByRole('navigation', { name: 'Saved searches' })
  for (const name of ['Early one', 'Early two']) {
    await page.getByRole('button', { name: 'Save search' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save search' })
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('button', { name: 'Save search' }).click()
    await expect(saved.getByRole('link', { name })).toBeVisible()
  }
  const release = await holdCode(context, 'Delete the saved search')
  const opened = page.reload()
  // Another button works: the page itself is there.
  await page.getByRole('button', { name: 'Save search' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save search' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  const button = saved.getByRole('button', { name: 'Delete the saved search Early one' })
  await button.click()
  await button.click()
  await expect(saved.getByRole('link', { name: 'Early one' })).toBeVisible()
  release()
  await opened
  await expect(saved.getByRole('link', { name: 'Early one' })).toBeHidden()
  await expect(saved.getByRole('link', { name: 'Early two' })).toBeVisible()
  await saved.getByRole('button', { name: 'Delete the saved search Early two' }).click()
  await expect(saved).toBeHidden()
})

/** Scripts, or those that contain a text, wait until the answer is called. */
async function holdCode(context: BrowserContext, containing = ''): Promise<() => void> {
  const code = Promise.withResolvers<void>()
  await context.route('**/*.js', async (route) => {
    const response = await route.fetch()
    if ((await response.text()).includes(containing)) await code.promise
    await route.fulfill({ response })
  })
  return code.resolve
}
