import { expect } from '@playwright/test'
import { passwordOf, signIn, test } from './people.ts'

test('a wrong password is refused and the user name is kept', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('not it')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Not signed in' })).toBeVisible()
  await expect(page.getByLabel('User name')).toHaveValue('ada')
  expect((await page.context().cookies()).filter(({ name }) => name.includes('session'))).toEqual([])
})

test('an unknown user and a wrong password are refused in the same words', async ({ page }) => {
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

test('signing out removes the actions', async ({ page }) => {
  await signIn(page, 'ada', '/r/local/team/app:1.0.0?tab=labels')
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=labels')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^ada: / }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in')
  await expect(page).toHaveURL('/')
  await page.goto('/r/local/team/app:1.0.0')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)
})

test('the sign-in page focuses the user name and returns to the page with its query', async ({ page }) => {
  for (const path of [
    '/r/local/team/app?q=1.0&sort=created&dir=asc',
    '/r/local/team/multi:2?platform=linux/arm64/v8&tab=layers',
  ]) {
    await page.context().clearCookies()
    await page.goto(path)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await expect(page.getByLabel('User name')).toBeFocused()
    await page.keyboard.type('ada')
    await page.getByLabel('Password').fill(passwordOf('ada'))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: /^ada: / })).toBeVisible()
    expect(decodeURIComponent(new URL(page.url()).pathname + new URL(page.url()).search)).toBe(path)
  }
})

test('the session cookie is out of reach of scripts and other sites', async ({ page }) => {
  await signIn(page, 'otto')
  const cookie = (await page.context().cookies()).find(({ name }) => name.includes('session'))
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
})

for (const elsewhere of ['//example.com', '/\\example.com', 'https://example.com', 'javascript:alert(1)'])
  test(`signing in never redirects to ${elsewhere}`, async ({ page, lading }) => {
    await page.goto(`/sign-in?returnTo=${encodeURIComponent(elsewhere)}`)
    await page.getByLabel('User name').fill('olga')
    await page.getByLabel('Password').fill(passwordOf('olga'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('button', { name: /^olga: / })).toBeVisible()
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
  await expect(page.getByRole('button', { name: /^ada: / })).toBeVisible()
  await context.close()
})

test('a copied cookie is useless after its owner signs out', async ({ page, lading }) => {
  await signIn(page, 'vera', '/r/local')
  const jar = await page.context().cookies()
  const cookie = jar.map(({ name, value }) => `${name}=${value}`).join('; ')
  const session = async () => (await fetch(`${lading.url}/api/auth/session`, { headers: { cookie } })).json()
  expect(await session()).toMatchObject({ user: { name: 'vera' } })
  await page.getByRole('button', { name: /^vera: / }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  expect(await session()).toEqual({})
  const shown = await fetch(`${lading.url}/r/local`, { headers: { cookie } })
  expect(await shown.text()).not.toContain('vera')
})

test('next-auth’s own sign-out ends the session everywhere, too', async ({ page, lading }) => {
  await signIn(page, 'audrey')
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const { csrfToken } = (await (await page.request.get(`${lading.url}/api/auth/csrf`)).json()) as { csrfToken: string }
  await page.request.post(`${lading.url}/api/auth/signout`, { form: { csrfToken, json: 'true' } })
  expect(await (await fetch(`${lading.url}/api/auth/session`, { headers: { cookie } })).json()).toEqual({})
})

test('a URL of another site that looks like a path is resolved on this site', async ({ page, lading }) => {
  const { csrfToken } = (await (await page.request.get(`${lading.url}/api/auth/csrf`)).json()) as { csrfToken: string }
  const form = {
    csrfToken,
    callbackUrl: 'http:evil.example',
    username: 'vera',
    password: passwordOf('vera'),
    json: 'true',
  }
  const answer = await page.request.post(`${lading.url}/api/auth/callback/credentials`, { form })
  expect(await answer.json()).toMatchObject({ url: `${lading.url}/evil.example` })
})

test('a change that is refused since the session has ended leads to signing in, and back', async ({ page }) => {
  await signIn(page, 'ada', '/r/local/team/app:1.0.0?tab=labels')
  await page.getByRole('button', { name: 'Retag' }).click()
  await page.context().clearCookies()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New tag').fill('1.0.0-again')
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  const refusal = dialog.getByRole('alert')
  await expect(refusal).toContainText('Sign in to do this')
  await refusal.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(passwordOf('ada'))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=labels')
  await expect(page.getByRole('button', { name: 'Retag' })).toBeVisible()
})
