import { expect } from '@playwright/test'
import { passwordOf, signIn, test } from './people.ts'

test('a wrong password is refused and the user name stays', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('not it')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Not signed in' })).toBeVisible()
  await expect(page.getByLabel('User name')).toHaveValue('ada')
  expect((await page.context().cookies()).filter(({ name }) => name.includes('session'))).toEqual([])
})

test('an unknown user is refused in the same words as a wrong password', async ({ page }) => {
  const refusals = []
  for (const name of ['vera', 'nobody-of-that-name']) {
    await page.goto('/sign-in')
    await page.getByLabel('User name').fill(name)
    await page.getByLabel('Password').fill('not it')
    await page.getByRole('button', { name: 'Sign in' }).click()
    refusals.push(await page.getByRole('alert').filter({ hasText: 'Not signed in' }).textContent())
  }
  expect(refusals[0]).toBe(refusals[1])
})

test('signing in leads back to where one was, signing out takes the changes away', async ({ page }) => {
  await signIn(page, 'ada', '/r/local/team/app:1.0.0?tab=labels')
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=labels')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^ada\s*, sign out/ }).click()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.goto('/r/local/team/app:1.0.0')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)
})

test('the session cookie is out of reach of scripts and of other sites', async ({ page }) => {
  await signIn(page, 'otto')
  const cookie = (await page.context().cookies()).find(({ name }) => name.includes('session'))
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
})

for (const elsewhere of ['//example.com', '/\\example.com', 'https://example.com', 'javascript:alert(1)'])
  test(`after signing in nobody is sent to ${elsewhere}`, async ({ page, lading }) => {
    await page.goto(`/sign-in?returnTo=${encodeURIComponent(elsewhere)}`)
    await page.getByLabel('User name').fill('olga')
    await page.getByLabel('Password').fill(passwordOf('olga'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('button', { name: /^olga\s*, sign out/ })).toBeVisible()
    expect(new URL(page.url()).origin).toBe(lading.url)
  })

test('signing in works without scripts', async ({ browser, lading }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: lading.url })
  const page = await context.newPage()
  await page.goto('/sign-in?returnTo=/r/local')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(passwordOf('ada'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL('/r/local')
  await expect(page.getByRole('button', { name: /^ada\s*, sign out/ })).toBeVisible()
  await context.close()
})
