import { expect } from '@playwright/test'
import { passwordOf, signIn, test } from './people.ts'

// Several people sign in within one test, which takes a busy machine its time.
test('a token reads what its owner can see, changes nothing, and stops working once revoked', async ({
  page,
  lading,
}) => {
  await signIn(page, 'vera', '/settings/tokens')
  await expect(page.getByText('No tokens yet')).toBeVisible()
  await page.getByLabel('Name').fill('nightly export')
  await page.getByRole('button', { name: 'Create token' }).click()
  const token = (await page.getByRole('status').locator('code').textContent()) ?? ''
  expect(token).toMatch(/^lading_pat_/)
  await expect(page.getByRole('list', { name: 'Your tokens' })).toContainText('nightly export')
  await page.reload()
  await expect(page.getByText(token)).toHaveCount(0)

  const ask = (path: string, given = token, method = 'GET') =>
    fetch(`${lading.url}${path}`, { method, headers: { authorization: `Bearer ${given}` } })
  const labels = await ask('/api/labels/local/team/app:1.0.0')
  expect(labels.status).toBe(200)
  expect((await ask('/api/labels/local/other/private:1')).status).toBe(404)
  expect((await ask('/api/labels/local/team/app:1.0.0', `${token}x`)).status).toBe(401)
  expect((await ask('/api/load/local', token, 'PUT')).status).toBe(401)
  const beyond = await ask('/api/audit')
  expect(beyond.status).toBe(403)
  expect(await beyond.json()).toMatchObject({ title: 'This access token isn’t for this' })
  const unknown = await ask('/api/nothing/here')
  expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ title: 'Not found' })])
  expect(await (await ask('/settings/tokens')).text()).not.toContain('nightly export')

  await page.getByRole('button', { name: 'Revoke nightly export' }).click()
  await page.getByRole('button', { name: 'Revoke nightly export' }).click()
  await expect(page.getByText('No tokens yet')).toBeVisible()
  expect((await ask('/api/labels/local/team/app:1.0.0')).status).toBe(401)

  await page.context().clearCookies()
  await signIn(page, 'ada')
  await page.goto('/audit?q=user:vera+action:create-token,use-token,revoke-token')
  const rows = page.getByRole('row').filter({ hasText: 'nightly export' })
  await expect(rows).toHaveText([/Revoke token.*Done/, /Use token.*Done/, /Create token.*Done/])
})

test('visitors have to sign in before they see tokens', async ({ page }) => {
  await page.goto('/settings/tokens')
  await expect(page).toHaveURL('/sign-in?returnTo=/settings/tokens')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(passwordOf('ada'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Access tokens' })).toBeVisible()
})

test('the button that revokes a token with a long name fits on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await signIn(page, 'vera', '/settings/tokens')
  const name = 'Nightly export of every label of every repository to the compliance archive, eu'
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create token' }).click()
  const revoke = page.getByRole('button', { name: `Revoke ${name}` })
  await revoke.click()
  const box = await revoke.boundingBox()
  expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThan(390)
  await revoke.click()
  await expect(page.getByText('No tokens yet')).toBeVisible()
})
