import type { Page } from '@playwright/test'
import type { FaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { call, type PushedImage, pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { startSignatureStore } from '../lib/testing/servers/signature-store.ts'
import { test as base } from './fixtures.ts'
import { PEOPLE, type Person, passwordOf } from './people.ts'

/** What nobody without a right there may learn. */
export const SECRET = {
  repository: 'secret/canary-name',
  tag: 'canary-tag',
  label: 'canary-label-value',
  signature: 'canary-signature-content',
}

interface Scoped {
  /** Between Lading and the registry: it has seen every request. */
  readonly proxy: FaultProxy
  readonly secret: PushedImage
  /** The name of the signature of `secret` that the registry keeps. */
  readonly signature: string
}

/** Nobody sees anything without signing in, and one repository is for the admin and the auditor only. */
export const test = base.extend<object, { scoped: Scoped }>({
  scoped: [
    async ({ stocked: { registry } }, use) => {
      const secret = await pushImage(registry.url, SECRET.repository, [SECRET.tag], {
        labels: { canary: SECRET.label },
      })
      await using proxy = await startSignatureStore(registry.url)
      const signature = `${secret.digest}@${'5'.repeat(32)}`
      const content = Buffer.from(SECRET.signature).toString('base64')
      const stored = JSON.stringify({ schemaVersion: 2, type: 'atomic', name: signature, content })
      const store = `/extensions/v2/${SECRET.repository}/signatures/${secret.digest}`
      await call(proxy.url, 'PUT', store, [201], {}, Buffer.from(stored))
      await use({ proxy, secret, signature })
    },
    { scope: 'worker' },
  ],
  lading: [
    async ({ scoped }, use) => {
      const env = { ...PEOPLE, ANONYMOUS_ROLE: 'none', REGISTRY_URL: scoped.proxy.url, REGISTRY_NAME: 'local' }
      await using lading = await startLading(env)
      await use(lading)
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

/** Requests that could change something in the registry. */
export function writes(proxy: FaultProxy) {
  return proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')
}

/** Signs in and returns the session as a Cookie header. */
export async function sessionOf(page: Page, person: Person): Promise<string> {
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(person)
  await page.getByLabel('Password').fill(passwordOf(person))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('/')
  return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Makes a token of the person who has signed in, and returns it. */
export async function newToken(page: Page): Promise<string> {
  await page.goto('/settings/tokens')
  await page.getByLabel('Name').fill('a test')
  await page.getByRole('button', { name: 'Create token' }).click()
  return (await page.getByRole('status').locator('code').textContent()) ?? ''
}
