import { freePort } from '../lib/testing/servers/free-port.ts'
import { type IdentityProvider, startIdentityProvider } from '../lib/testing/servers/identity-provider.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { test as base, expect } from './fixtures.ts'
import { settingsFor, signInAt, signInForGroup } from './journeys/oidc.ts'
import { PEOPLE } from './people.ts'

const thousands = Array.from({ length: 10_000 }, (_, index) => `group-${index}`)

const test = base.extend<object, { readonly provider: IdentityProvider; readonly lading: Lading }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      const port = await freePort()
      await using provider = await startIdentityProvider(`http://127.0.0.1:${port}/api/auth/callback/oidc`, {
        mia: ['builders'],
        max: [...thousands, 'builders'],
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
        ...PEOPLE,
        ...settingsFor(provider),
        PORT: new URL(provider.redirectUri).port,
      })
      await use(lading)
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

test('signing in through the provider grants a group’s rights, and keeps the page and its query', ({ page }) =>
  signInForGroup(page))

test('a group is found among ten thousand, and the cookie stays small', async ({ page }) => {
  await signInAt(page, 'max', '/r/local/team/app:1.0.0')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  const cookies = await page.context().cookies(page.url())
  expect(cookies.find(({ name }) => name === 'lading.session')?.value.length).toBeLessThan(1000)
})

test('nobody gets a configured user’s rights by having that name at the provider', async ({ page }) => {
  await signInAt(page, 'ada', '/r/local')
  await expect(page.getByRole('alert').filter({ hasText: 'already belongs to someone else' })).toBeVisible()
  expect((await page.context().cookies()).some(({ name }) => name === 'lading.session')).toBe(false)
})

test('a group removed at the provider is lost within a minute', async ({ page, provider }) => {
  provider.groups.moritz = ['builders']
  await signInAt(page, 'moritz', '/r/local/team/app:1.0.0')
  const remove = page.getByRole('button', { name: 'Delete', exact: true })
  await expect(remove).toBeVisible()
  provider.groups.moritz = []
  const stillThere = async () => {
    await page.reload()
    return remove.count()
  }
  await expect.poll(stillThere, { timeout: 65_000, intervals: [5_000] }).toBe(0)
  await expect(page.getByRole('button', { name: /^moritz: / })).toBeVisible()
})

test('a failed sign-in keeps the page it was for', async ({ page }) => {
  await signInAt(page, 'ada', '/r/local/team/app?q=1')
  await expect(page.getByRole('alert').filter({ hasText: 'already belongs to someone else' })).toBeVisible()
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('ada test password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL('/r/local/team/app?q=1')
})

test('a password still signs in beside the provider', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('ada test password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: /^ada: / })).toBeVisible()
})

test('a response with a forged state, a used code, or no attempt here signs nobody in', async ({ page }) => {
  const callback = page.waitForRequest((request) => request.url().includes('/api/auth/callback/oidc'))
  await signInAt(page, 'mia', '/')
  const answer = new URL((await callback).url())
  await expect(page.getByRole('button', { name: /^mia: / })).toBeVisible()
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
