import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { type IdentityProvider, startIdentityProvider } from '../lib/testing/servers/identity-provider.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { test as base, expect } from './fixtures.ts'

const thousands = Array.from({ length: 10_000 }, (_, index) => `group-${index}`)

const test = base.extend<object, { readonly provider: IdentityProvider; readonly lading: Lading }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      const port = await freePort()
      await using provider = await startIdentityProvider(`http://127.0.0.1:${port}/api/auth/callback/oidc`, {
        mia: ['makers'],
        max: [...thousands, 'makers'],
      })
      await use(provider)
    },
    { scope: 'worker' },
  ],
  lading: [
    async ({ stocked, provider }, use) => {
      await using lading = await startLading({
        REGISTRY_URL: stocked.registry.url,
        REGISTRY_NAME: 'local',
        LADING_CONFIG: join(import.meta.dirname, 'oidc.yaml'),
        PORT: new URL(provider.redirectUri).port,
        OIDC_ISSUER: provider.url,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_NAME: 'Acme ID',
      })
      await use(lading)
    },
    { scope: 'worker', timeout: 150_000 },
  ],
})

async function signInAt(page: Page, name: string, path: string): Promise<void> {
  await page.goto(`/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.getByRole('link', { name: 'Sign in with Acme ID' }).click()
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('signing in through the provider gives the rights of a group, and keeps the page and its query', async ({
  page,
}) => {
  await signInAt(page, 'mia', '/r/local/team/app:1.0.0?tab=labels')
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=labels')
  await expect(page.getByText('operator in team/** (may overwrite, delete)')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^mia\s*, sign out/ }).click()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.goto('/r/local/team/app:1.0.0')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)
})

test('a group counts among ten thousand, and the cookie stays small', async ({ page }) => {
  await signInAt(page, 'max', '/r/local/team/app:1.0.0')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  const cookies = await page.context().cookies(page.url())
  expect(cookies.find(({ name }) => name === 'lading.session')?.value.length).toBeLessThan(1000)
})

test('nobody gets the rights of a configured user by having that name at the provider', async ({ page }) => {
  await signInAt(page, 'ada', '/r/local')
  await expect(page.getByRole('alert').filter({ hasText: 'already belongs to someone else' })).toBeVisible()
  expect((await page.context().cookies()).some(({ name }) => name === 'lading.session')).toBe(false)
})

test('a password still signs in beside the provider', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('ada test password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: /^ada\s*, sign out/ })).toBeVisible()
})

test('an answer with a forged state, a code that was used, or no beginning here signs nobody in', async ({ page }) => {
  const callback = page.waitForRequest((request) => request.url().includes('/api/auth/callback/oidc'))
  await signInAt(page, 'mia', '/')
  const answer = new URL((await callback).url())
  await expect(page.getByRole('button', { name: /^mia\s*, sign out/ })).toBeVisible()
  await page.context().clearCookies()

  const refused = async (url: URL) => {
    await page.goto(url.href)
    await expect(page.getByRole('alert').filter({ hasText: 'Not signed in' })).toBeVisible()
    expect((await page.context().cookies()).some(({ name }) => name === 'lading.session')).toBe(false)
  }
  await refused(answer)
  // The state and nonce of an attempt that has really begun here.
  const begin = async () => {
    const begun = await page.request.get('/api/auth/signin/oidc', { maxRedirects: 0 })
    return new URL(begun.headers().location ?? '').searchParams.get('state') ?? ''
  }
  const replayed = new URL(answer)
  replayed.searchParams.set('state', await begin())
  await refused(replayed)
  await begin()
  const forged = new URL(answer)
  forged.searchParams.set('state', 'forged')
  await refused(forged)
  const foreign = new URL(answer)
  foreign.searchParams.set('state', await begin())
  foreign.searchParams.set('iss', 'https://evil.example')
  await refused(foreign)
})
