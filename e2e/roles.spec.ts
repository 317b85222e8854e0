import { expect } from '@playwright/test'
import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { signIn } from './people.ts'
import { SECRET, test } from './scoped.ts'

test('visitors are sent to sign in, then on to the page they wanted', async ({ page }) => {
  await page.goto('/r/local/team/app?q=1')
  await expect(page).toHaveURL(/\/sign-in\?returnTo=\/r\/local\/team\/app/)
})

test('a viewer finds only what the grant covers: on pages, in the tree, its filter and the palette', async ({
  page,
}) => {
  await signIn(page, 'vera', '/')
  await expect(page.getByRole('main').getByRole('link', { name: /^team\// })).toContainText(['team/app', 'team/multi'])
  await expect(page.getByRole('tree').getByRole('treeitem')).toHaveText([/^team/])
  await page.getByRole('textbox', { name: /^Filter \d+ repositories$/ }).fill('canary')
  await expect(page.getByText('0 matches')).toBeVisible()
  await page.getByRole('button', { name: 'Go to a repository or tag' }).click()
  await page.getByRole('combobox').fill('canary')
  await expect(page.getByText(/^No matches/)).toBeVisible()
  await page.getByRole('combobox').fill(`${SECRET.repository}:`)
  await expect(page.getByText(/^No matches/)).toBeVisible()
})

test('denied looks the same as absent', async ({ page, scoped: { secret, signature } }) => {
  await signIn(page, 'vera')
  const absent = 'absent/canary-name'
  const forms = [
    (name: string) => `/r/local/${name}`,
    (name: string) => `/r/local/${name}:${SECRET.tag}`,
    (name: string) => `/r/local/${name}@${secret.digest}`,
    (name: string) => `/d/local/${name}@${secret.config.digest}`,
    (name: string) => `/api/blob/local/${name}@${secret.config.digest}`,
    (name: string) => `/api/resolution/local/${name}`,
    (name: string) => `/api/signature/local/${name}@${secret.digest}?name=${signature}`,
  ]
  for (const form of forms) {
    const [denied, missing] = await Promise.all(
      [SECRET.repository, absent].map(async (name) => {
        const response = await page.request.get(form(name))
        return { status: response.status(), said: (await response.text()).includes('or you don’t have access') }
      }),
    )
    expect(denied, form(SECRET.repository)).toEqual(missing)
  }
  const seen = []
  for (const name of [SECRET.repository, absent]) {
    await page.goto(`/diff?a=local/team/app:latest&b=local/${name}:${SECRET.tag}`)
    seen.push(String(await page.getByRole('main').textContent()).replaceAll(name, ''))
  }
  expect(seen[0]).toBe(seen[1])
})

test('an auditor sees everything and can’t change anything', async ({ page }) => {
  await signIn(page, 'audrey', `/r/local/${SECRET.repository}:${SECRET.tag}?tab=labels`)
  await expect(page.getByRole('row', { name: SECRET.label })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Retag' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)
  await page.goto('/r/local/team/app')
  await page.getByRole('button', { name: 'Actions for latest' }).click()
  await expect(page.getByRole('menuitem').filter({ hasText: /Open/ })).toBeVisible()
  await expect(page.getByRole('menuitem').filter({ hasText: /Retag|Delete/ })).toHaveCount(0)
})

test('an auditor downloads a signature that the registry stores, unchanged', async ({
  page,
  scoped: { signature },
}) => {
  await signIn(page, 'audrey', `/r/local/${SECRET.repository}:${SECRET.tag}?tab=referrers`)
  const row = page.getByRole('region', { name: 'Signatures' }).getByRole('listitem')
  await expect(row).toContainText('in the registry’s signature store')
  const link = row.getByRole('link', { name: `Download the signature ${signature.split('@')[1]}` })
  const answer = await page.request.get(String(await link.getAttribute('href')))
  expect(await answer.text()).toBe(SECRET.signature)
  expect(answer.headers()).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment; filename="[0-9a-f]{12}\.signature"$/),
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
  })
  const other = String(await link.getAttribute('href')).replace(/5{32}/, '6'.repeat(32))
  expect((await page.request.get(other)).status()).toBe(404)
})

test('an operator adds tags where granted, but can’t move or delete any without that right', async ({
  page,
  stocked: { registry },
}) => {
  const one = await pushImage(registry.url, 'team/made', ['one'], { layers: [{ n: '1' }] })
  const two = await pushImage(registry.url, 'team/made', ['two'], { layers: [{ n: '2' }] })
  await signIn(page, 'otto', '/r/local/team/made:one')
  const remove = page.getByRole('button', { name: 'Delete', exact: true })
  await expect(remove).toBeDisabled()
  await expect(remove).toHaveAccessibleDescription('Your rights here don’t include deleting. Ask your administrator.')
  await remove.focus()
  await expect(page.getByRole('tooltip')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tooltip')).toBeHidden()
  await page.getByRole('button', { name: 'Retag' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New tag').fill('two')
  await expect(
    dialog.getByText('You can add tags here, but you can’t move existing ones. Choose another tag.'),
  ).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^Move two/ })).toBeDisabled()
  expect(await digestOfTag(registry.url, 'team/made', 'two')).toBe(two.digest)
  await dialog.getByLabel('New tag').fill('three')
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/made:three')
  expect(await digestOfTag(registry.url, 'team/made', 'three')).toBe(one.digest)
})

test('an operator with that right deletes in the granted repositories, and in no others', async ({
  page,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'team/gone', ['one', 'two'])
  await pushImage(registry.url, 'team/deep/gone', ['one'])
  await signIn(page, 'olga', '/r/local/team/gone:one')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete tag one' }).click()
  await expect(page.getByText('Tag one deleted', { exact: true }).first()).toBeVisible()
  expect(await digestOfTag(registry.url, 'team/gone', 'one')).toBeUndefined()
  const deep = await page.goto('/r/local/team/deep/gone:one')
  expect(deep?.status()).toBe(404)
})

test('the user menu shows what a user may do', async ({ page }) => {
  await signIn(page, 'otto', '/')
  await page.getByRole('button', { name: 'otto: operator in team/**' }).click()
  await expect(page.getByRole('region', { name: 'Your rights' })).toContainText('operator in team/**')
  await page.getByRole('link', { name: 'Access tokens' }).click()
  await expect(page).toHaveURL(/settings\/tokens/)
  await expect(page.getByRole('region', { name: 'Your rights' })).toBeHidden()
})
