import { expect, type Locator, type Page } from '@playwright/test'
import { call, digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { signIn, test } from './people.ts'

/** Two images, `one` and `two`, in a repository of the test's own. */
async function push(url: string, repository: string) {
  const one = await pushImage(url, repository, ['one'], { layers: [{ which: 'one' }] })
  const two = await pushImage(url, repository, ['two'], { layers: [{ which: 'two' }] })
  return { one, two }
}

async function openRetag(page: Page, repository: string, tag: string) {
  await signIn(page, 'ada', `/r/local/${repository}:${tag}`)
  await page.getByRole('button', { name: 'Retag' }).click()
  return page.getByRole('dialog', { name: 'Retag' })
}

test('adds a tag to an image with identical bytes', async ({ page, stocked: { registry } }) => {
  const { one } = await push(registry.url, 'retag/new')
  const dialog = await openRetag(page, 'retag/new', 'one')
  await dialog.getByLabel('New tag').fill('stable')
  await expect(dialog.getByText('This tag doesn’t exist yet.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('retag/new:stable')
  const accept = { accept: one.mediaType }
  const { body } = await call(registry.url, 'GET', '/v2/retag/new/manifests/stable', [200], accept)
  expect(body.equals(one.bytes)).toBe(true)
  expect(await digestOfTag(registry.url, 'retag/new', 'one')).toBe(one.digest)
})

test('the new tag appears in the table at once', async ({ page, stocked: { registry } }) => {
  await push(registry.url, 'retag/table')
  await page.goto('/r/local/retag/table')
  const dialog = await openRetag(page, 'retag/table', 'one')
  await dialog.getByLabel('New tag').fill('three')
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'table' }).click()
  await expect(page.getByRole('table').getByRole('link', { name: 'three', exact: true })).toBeVisible()
})

async function askToMove(dialog: Locator, tag: string) {
  await dialog.getByLabel('New tag').fill(tag)
  await dialog.getByRole('checkbox', { name: `Move it: anyone who pulls ${tag}` }).check()
}

test('an existing tag moves only once confirmed, shows both digests, and can be moved back', async ({
  page,
  stocked: { registry },
}) => {
  const { one, two } = await push(registry.url, 'retag/move')
  const dialog = await openRetag(page, 'retag/move', 'one')
  await expect(dialog.getByLabel('New tag')).toBeFocused()
  await page.keyboard.type('two')
  await expect(dialog.getByText('two is now another image')).toBeVisible()
  await expect(dialog).toContainText(two.digest.slice(7, 19))
  await expect(dialog).toContainText(one.digest.slice(7, 19))
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: /^Move two to/ })).toBeDisabled()
  await askToMove(dialog, 'two')
  await dialog.getByRole('button', { name: /^Move two to/ }).click()
  await expect(page.getByText('two moved to one')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('retag/move:two')
  expect(await digestOfTag(registry.url, 'retag/move', 'two')).toBe(one.digest)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('two moved back')).toBeVisible()
  expect(await digestOfTag(registry.url, 'retag/move', 'two')).toBe(two.digest)
})

test('names the tags of the image that a tag points at, and suggests existing tags', async ({
  page,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'retag/named', ['1.4.1', '1.4', 'latest'])
  await pushImage(registry.url, 'retag/named', ['1.4.2'], { layers: [{ which: 'new' }] })
  await page.goto('/r/local/retag/named')
  await expect(page.getByRole('table').getByRole('link', { name: 'latest', exact: true })).toBeVisible()
  const dialog = await openRetag(page, 'retag/named', '1.4.2')
  await dialog.getByLabel('New tag').fill('la')
  await page.getByRole('option', { name: 'latest' }).click()
  await expect(dialog.getByText('latest is now 1.4.1 (also 1.4)')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Move latest to 1.4.2' })).toBeVisible()
})

test('names an image by its full version, though the short one is as high', async ({ page, stocked: { registry } }) => {
  await pushImage(registry.url, 'retag/short', ['2.0', '2.0.0', 'stable'])
  await pushImage(registry.url, 'retag/short', ['2.1.0'], { layers: [{ which: 'new' }] })
  await page.goto('/r/local/retag/short')
  await expect(page.getByRole('table').getByRole('link', { name: 'stable', exact: true })).toBeVisible()
  const dialog = await openRetag(page, 'retag/short', '2.1.0')
  await dialog.getByLabel('New tag').fill('stable')
  await expect(dialog.getByText('stable is now 2.0.0 (also 2.0)')).toBeVisible()
})

test('a tag that moves before the confirmation is a conflict with both digests, and stays where it is', async ({
  page,
  stocked: { registry },
}) => {
  const { two } = await push(registry.url, 'retag/race')
  const dialog = await openRetag(page, 'retag/race', 'one')
  await askToMove(dialog, 'two')
  const three = await pushImage(registry.url, 'retag/race', ['two'], { layers: [{ which: 'three' }] })
  await dialog.getByRole('button', { name: /^Move two to/ }).click()
  const alert = dialog.getByRole('alert')
  await expect(alert).toContainText('It has changed since you opened this')
  await expect(alert).toContainText(two.digest.slice(7, 19))
  await expect(alert).toContainText(three.digest.slice(7, 19))
  expect(await digestOfTag(registry.url, 'retag/race', 'two')).toBe(three.digest)
  // The confirmation was for the digest that was shown.
  await expect(dialog.getByRole('checkbox')).not.toBeChecked()
})

test('a tag created before the confirmation isn’t overwritten', async ({ page, stocked: { registry } }) => {
  await push(registry.url, 'retag/appears')
  const dialog = await openRetag(page, 'retag/appears', 'one')
  await dialog.getByLabel('New tag').fill('new')
  await expect(dialog.getByText('This tag doesn’t exist yet.')).toBeVisible()
  const three = await pushImage(registry.url, 'retag/appears', ['new'], { layers: [{ which: 'three' }] })
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  await expect(dialog.getByRole('alert')).toContainText('It has changed since you opened this')
  expect(await digestOfTag(registry.url, 'retag/appears', 'new')).toBe(three.digest)
})

test('an invalid tag name can’t be confirmed', async ({ page, stocked: { registry } }) => {
  await push(registry.url, 'retag/names')
  const dialog = await openRetag(page, 'retag/names', 'one')
  for (const name of ['-start', 'a/b', 'a b', 'ä', '..']) {
    await dialog.getByLabel('New tag').fill(name)
    await expect(dialog.getByText('Use up to 128 letters')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Add tag' })).toBeDisabled()
  }
  await dialog.getByLabel('New tag').fill('one')
  await expect(dialog.getByText('one already points at this image')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Add tag' })).toBeDisabled()
})
