import { expect } from '@playwright/test'
import { signIn, test } from './people.ts'

const IMAGE = '/r/local/team/app:1.0.0'

test('a label added beside an image is found, shown separately, and disappears when deleted', async ({ page }) => {
  await signIn(page, 'ada', `${IMAGE}?tab=labels`)
  const digest = await page
    .getByText(/^sha256:/)
    .first()
    .textContent()
  await page.getByRole('button', { name: 'Add label' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a label' })
  await dialog.getByLabel('Key').fill('deployed-to')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('{"stage":"prod"')
  await dialog.getByLabel('The value is JSON').check()
  await dialog.getByRole('button', { name: 'Add label' }).click()
  await expect(dialog.getByRole('alert')).toContainText('The value isn’t valid JSON.')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('{"stage":"prod"}')
  await dialog.getByRole('button', { name: 'Add label' }).click()
  const added = page.getByRole('table', { name: 'Labels added in Lading' })
  await expect(added).toContainText('deployed-to')
  await expect(added).toContainText('ada')
  await expect(page.getByText(/^sha256:/).first()).toHaveText(digest ?? '')
  await expect(page.getByRole('table', { name: 'Labels and annotations' })).not.toContainText('deployed-to')

  await page.goto(IMAGE)
  await expect(page.getByRole('link', { name: 'deployed-to={"stage":"prod"}' })).toBeVisible()
  await page.goto('/r/local/team/app')
  await expect(page.getByRole('table', { name: 'Tags' })).toContainText('1.0.0')
  await page.goto(`/search?q=${encodeURIComponent('label:deployed-to=*prod*')}`)
  await expect(page.getByRole('link', { name: '1.0.0' }).first()).toBeVisible()

  await page.goto(`${IMAGE}?tab=labels`)
  await page.getByRole('button', { name: 'Delete the label deployed-to' }).click()
  await expect(added).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(added).toContainText('deployed-to')
})

test('a viewer sees added labels but can’t change them', async ({ page }) => {
  await signIn(page, 'vera', `${IMAGE}?tab=labels`)
  await expect(page.getByRole('table', { name: 'Labels and annotations' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add label' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Delete the label/ })).toHaveCount(0)
})

test('a script adds and deletes labels with a token made for that, and nothing else', async ({ page, lading }) => {
  await signIn(page, 'ada', '/settings/tokens')
  await page.getByLabel('Name').fill('deployments')
  await page.getByLabel('Read repositories that you can see').uncheck()
  await page.getByLabel('Add and delete labels').check()
  await page.getByRole('button', { name: 'Create token' }).click()
  const token = (await page.getByRole('status').locator('code').textContent()) ?? ''
  await page.goto(`${IMAGE}?tab=labels`)
  const digest = await page.locator('[title^="sha256:"]').first().getAttribute('title')
  const address = `${lading.url}/api/added-labels/local/team/app@${digest}`
  const ask = (method: string, query = '', body?: object) =>
    fetch(address + query, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    })
  const created = await ask('POST', '', { key: 'change', value: 'CHG-10442' })
  expect(created.status).toBe(201)
  const label = (await created.json()) as { id: string; source: string }
  expect(label.source).toBe('api')
  expect(await (await ask('GET', '?prefix=chan')).json()).toMatchObject({ labels: [{ id: label.id }] })
  expect(await (await ask('GET', '?prefix=other')).json()).toEqual({ labels: [] })
  expect((await ask('POST', '', { key: 'two words', value: '' })).status).toBe(400)
  await page.reload()
  await expect(page.getByRole('table', { name: 'Labels added in Lading' })).toContainText('by a script')
  // Cookies alone are not enough: another site's page could send them.
  expect(
    (
      await page.request.post(address, { data: { key: 'a', value: 'b' }, headers: { origin: 'https://evil.example' } })
    ).status(),
  ).toBe(403)
  expect((await ask('DELETE', `?id=${label.id}`)).status).toBe(200)
  expect((await ask('GET', `?id=${label.id}`)).status).toBe(404)
})

test('a mistaken query says what it leaves out, and is neither saved nor exported', async ({ page }) => {
  await signIn(page, 'audrey', '/search?q=repo:team/app')
  const save = page.getByRole('button', { name: 'Save search' })
  const mistakes = {
    '/search?q=': 'The rest of the query is searched as it is.',
    '/labels?q=': 'The rest of the query is searched as it is.',
    '/activity?q=': 'The list leaves that part out.',
  }
  for (const [path, said] of Object.entries(mistakes)) {
    await page.goto(`${path}repo:team/app`)
    await expect(save).toBeVisible()
    await page.goto(`${path}repo:team/app nosuch:thing`)
    await expect(page.getByRole('main')).toContainText(said)
    await expect(save).toHaveCount(0)
    await expect(page.getByText('Export', { exact: true })).toHaveCount(0)
  }
})

test('a matrix of twenty keys shows and exports all of them, and says how many it shows at most', async ({ page }) => {
  await signIn(page, 'ada', '/r/local/team/app')
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `key-${index + 1}`)
  const head = page.getByRole('columnheader')
  await page.goto(`/labels?keys=${keys(20)}`)
  await expect(head).toHaveCount(21)
  await expect(page.getByText('At most')).toHaveCount(0)
  const csv = await (await page.request.get(`/api/export/labels?format=csv&keys=${keys(20)}`)).text()
  expect(csv.split('\n')[0]?.match(/label:key-/g)).toHaveLength(20)
  await page.goto(`/labels?keys=${keys(30)}`)
  await expect(head).toHaveCount(25)
  await expect(page.getByText('At most 24 are shown at once. Deselect one to choose another.')).toBeVisible()
})
