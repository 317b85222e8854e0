import { pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { test as base, passwordOf, signIn } from './people.ts'

const test = base.extend({
  ladingEnv: [async ({ ladingEnv }, use) => use({ ...ladingEnv, ANONYMOUS_ROLE: 'none' }), { scope: 'worker' }],
})

// Several people sign in within one test, which takes a busy machine its time.
test('everyone sees what they may do in a repository, which rule says so, and what protects its tags', async ({
  page,
}) => {
  await signIn(page, 'ada', '/settings/protection')
  await page.getByRole('textbox', { name: /^Name/ }).fill('Releases')
  await page.getByLabel('Protects').fill('repo:team/** tag:v*')
  await page.getByRole('button', { name: 'Add rule' }).click()
  await expect(page.getByRole('heading', { name: 'Releases' })).toBeVisible()
  await page.context().clearCookies()

  await signIn(page, 'olga', '/settings/access')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What you may do')
  await expect(page.getByRole('list', { name: 'Grants' })).toHaveText('operator in team/* (may overwrite, delete)')
  await expect(page.getByLabel('User or group')).toHaveCount(0)
  await page.getByRole('textbox', { name: 'Repository' }).fill('team/app')
  await page.getByRole('button', { name: 'Show rights' }).click()
  const right = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(right('Delete tags and images')).toContainText('Yes operator in team/* (may overwrite, delete)')
  await expect(right('Restore')).toContainText('without the right to restore')
  await expect(right('Set rules and policies')).toContainText('doesn’t include it')
  const protection = page.getByRole('region', { name: 'Protection' })
  await expect(protection.getByRole('listitem')).toContainText('Releasesprotects some tags')
  await expect(protection).not.toContainText('repo:team')

  await page.getByRole('textbox', { name: 'Tag' }).fill('v1')
  await page.getByRole('button', { name: 'Show rights' }).click()
  await expect(protection.getByRole('listitem')).toContainText('protects the tag v1')
  await page.getByRole('textbox', { name: 'Repository' }).fill('team/deep/app')
  await page.getByRole('button', { name: 'Show rights' }).click()
  await expect(right('Browse and search')).toContainText('No no role, and no grant covers this repository')
  await expect(page.getByText('Releases')).toHaveCount(0)
})

test('admins can look up the rights of any user and group, others only their own', async ({ page }) => {
  await signIn(page, 'ada', '/settings/access?who=group:makers&repository=team/deep/app')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What the group makers may do')
  const row = page.getByRole('row').filter({ hasText: 'Create tags' })
  await expect(row).toContainText('Yes operator in team/**')
  await page.getByLabel('User or group').fill('vera')
  await page.getByRole('button', { name: 'Show rights' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What vera may do')
  await expect(row).toContainText('No viewer in team/** doesn’t include it')
  await page.getByLabel('User or group').fill('nobody-here')
  await page.getByRole('button', { name: 'Show rights' }).click()
  await expect(page.getByText('Nobody with this name has signed in.')).toBeVisible()
  await page.context().clearCookies()

  await signIn(page, 'vera', '/settings/access?who=ada&repository=team/app')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What you may do')
  await expect(row).toContainText('No viewer in team/** doesn’t include it')
  await expect(page.getByText('admin everywhere')).toHaveCount(0)
})

test('the page of a running plan says that the session has ended, and leads back to the plan', async ({
  page,
  browser,
  lading,
  stocked,
}) => {
  const { url } = stocked.registry
  for (let at = 0; at < 30; at++) await pushImage(url, 'team-a/ended', [`e${at}`], { labels: { at: `${at}` } })
  await signIn(page, 'omar', '/r/local/team-a/ended')
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).check()
  await page.getByRole('button', { name: 'Delete 30 tags' }).click()
  await page.waitForURL(/\/plan\//)
  const plan = new URL(page.url()).pathname
  await page.getByLabel('Speed').selectOption('1')
  await page.getByLabel('Type 30 to confirm').fill('30')
  await page.getByRole('button', { name: 'Delete 30 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Deleting/)
  const elsewhere = await browser.newPage({ baseURL: lading.url })
  await signIn(elsewhere, 'omar', '/settings/sessions')
  await elsewhere.getByRole('button', { name: /^End \d other session/ }).click()
  const main = page.getByRole('main')
  await expect(main.getByText('Your session has ended')).toBeVisible()
  const head = page.getByRole('banner')
  await expect(head.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect(head.getByText('omar')).toHaveCount(0)
  await page.getByRole('button', { name: 'Cancel the rest' }).click()
  await expect(main.getByText('Your session has ended')).toHaveCount(2)
  await expect(main.getByText('There is no such plan')).toHaveCount(0)
  await page.setViewportSize({ width: 390, height: 844 })
  // In words also where the header has room for an icon only.
  const word = main.getByRole('link', { name: 'Sign in' }).first().getByText('Sign in')
  expect((await word.boundingBox())?.width).toBeGreaterThan(20)
  await page.setViewportSize({ width: 1280, height: 800 })
  await main.getByRole('link', { name: 'Sign in' }).first().click()
  await page.getByLabel('User name').fill('omar')
  await page.getByLabel('Password').fill(passwordOf('omar'))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(plan)
  await expect(head.getByText('omar').first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel the rest' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Cancelled/)
  await elsewhere.close()
})

test('people see their sessions and end them, admins anyone’s, effective at once', async ({
  page,
  browser,
  lading,
}) => {
  const elsewhere = await browser.newContext({
    baseURL: lading.url,
    userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/130.0',
  })
  const other = await elsewhere.newPage()
  await signIn(other, 'otto', '/r/local/team/app')
  await signIn(page, 'otto', '/settings/sessions')
  const rows = page.getByRole('row')
  await expect(rows.filter({ hasText: 'this session' })).toContainText('Chrome on Linux')
  await rows.filter({ hasText: 'Firefox on Windows' }).getByRole('button', { name: /^End/ }).click()
  await expect(rows.filter({ hasText: 'Firefox on Windows' })).toHaveCount(0)
  await other.reload()
  await expect(other).toHaveURL(/\/sign-in/)

  await signIn(other, 'otto', '/')
  await page.reload()
  await page.getByRole('button', { name: 'End 1 other session' }).click()
  await expect(rows).toHaveCount(2)
  await other.reload()
  await expect(other).toHaveURL(/\/sign-in/)

  await signIn(other, 'ada', '/settings/sessions?who=everyone')
  const theirs = other.getByRole('row').filter({ hasText: 'otto' })
  await expect(theirs).toHaveCount(1)
  await theirs.getByRole('button', { name: /^End/ }).click()
  await expect(theirs).toHaveCount(0)
  await page.reload()
  await expect(page).toHaveURL(/\/sign-in/)
  await other.goto('/audit?q=action:end-session')
  await expect(other.getByRole('row').filter({ hasText: 'session of otto' }).first()).toContainText('Done')
  await elsewhere.close()
})
