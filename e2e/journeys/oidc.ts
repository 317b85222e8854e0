import type { Page } from '@playwright/test'
import type { IdentityProvider } from '../../lib/testing/servers/identity-provider.ts'
import { expect } from '../fixtures.ts'

export const settingsFor = ({ url, clientId, clientSecret }: IdentityProvider) => ({
  OIDC_ISSUER: url,
  OIDC_CLIENT_ID: clientId,
  OIDC_CLIENT_SECRET: clientSecret,
  OIDC_NAME: 'Acme ID',
})

export async function signInAt(page: Page, name: string, path: string): Promise<void> {
  await page.goto(`/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.getByRole('link', { name: 'Sign in with Acme ID' }).click()
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** mia has the rights of her group at the provider, until she signs out. */
export async function signInForGroup(page: Page): Promise<void> {
  await signInAt(page, 'mia', '/r/local/team/app:1.0.0?tab=labels')
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=labels')
  await expect(page.getByRole('button', { name: 'mia: operator in team/** (may overwrite, delete)' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^mia: / }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.goto('/r/local/team/app:1.0.0')
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)
}
