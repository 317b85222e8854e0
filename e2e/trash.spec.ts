import { call, digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { deleteImage, restoreFromTrash, rowOf } from './journeys/trash.ts'
import { signIn, test } from './people.ts'

// Several pages and dialogs each: on a busy machine they take their time.
test('a deleted image is restored from the trash, under its tag and digest', ({ page, stocked }) =>
  restoreFromTrash(page, stocked.registry.url))

test('an overwritten tag moves back to its old image', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const old = await pushImage(url, 'trash/moved', ['latest'], { labels: { of: 'moved' } })
  const next = await pushImage(url, 'trash/moved', ['next'], { labels: { of: 'moved', version: '2' } })
  await signIn(page, 'ada', '/r/local/trash/moved:next')
  await page.getByRole('button', { name: 'Retag', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Retag' })
  await dialog.getByLabel('New tag').fill('latest')
  await dialog.getByRole('checkbox', { name: /^Move it/ }).check()
  await dialog.getByRole('button', { name: 'Move latest to next' }).click()
  await page.waitForURL(/trash\/moved:latest$/)
  expect(await digestOfTag(url, 'trash/moved', 'latest')).toBe(next.digest)
  await page.goto('/trash')
  const row = rowOf(page, 'trash/moved')
  await expect(row).toContainText('latest overwritten')
  await row.getByRole('button', { name: 'Restore latest' }).click()
  await expect(page.getByText('latest restored', { exact: true })).toBeVisible()
  expect(await digestOfTag(url, 'trash/moved', 'latest')).toBe(old.digest)
})

test('an image comes back without a tag that is in use again, and the page says so before and after', async ({
  page,
  stocked,
}) => {
  const { url } = stocked.registry
  const old = await pushImage(url, 'trash/in-use', ['1.0'], { labels: { of: 'old' } })
  await signIn(page, 'ada')
  await deleteImage(page, 'trash/in-use', '1.0')
  const { digest } = await pushImage(url, 'trash/in-use', ['1.0'], { labels: { of: 'new' } })
  await page.goto('/trash')
  const row = rowOf(page, 'trash/in-use')
  await expect(row).toContainText(
    'Can be restored right now without a tag, by its digest only: 1.0 points at another image now, and stays there.',
  )
  await row.getByRole('button', { name: 'Restore 1.0' }).click()
  const toast = page.getByRole('region', { name: /Notifications/ })
  await expect(toast).toContainText('Image restored')
  await expect(toast).toContainText('1.0 points at another image now, and stays there.')
  expect(await digestOfTag(url, 'trash/in-use', '1.0')).toBe(digest)
  expect(await digestOfTag(url, 'trash/in-use', old.digest)).toBe(old.digest)
})

test('missing layers are named on the page, and nothing is written', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const { layers } = await pushImage(url, 'trash/gone', ['1.0'], { layers: [{ only: 'in trash/gone' }] })
  await signIn(page, 'ada')
  await deleteImage(page, 'trash/gone', '1.0')
  const lost = layers[0]?.digest ?? ''
  await call(url, 'DELETE', `/v2/trash/gone/blobs/${lost}`, [202])
  await page.goto('/trash')
  const row = rowOf(page, 'trash/gone')
  await expect(row).toContainText(`garbage collection removed ${lost}`)
  await expect(row.getByRole('button', { name: 'Restore 1.0' })).toBeDisabled()
  expect(await digestOfTag(url, 'trash/gone', '1.0')).toBeUndefined()
})

test('restores several changes at once, and doesn’t offer one that can’t be', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const images = new Map<string, string>()
  await signIn(page, 'ada')
  for (const name of ['one', 'two', 'lost']) {
    const { digest, layers } = await pushImage(url, `trash/many-${name}`, ['1.0'], { layers: [{ many: name }] })
    images.set(name, digest)
    await deleteImage(page, `trash/many-${name}`, '1.0')
    if (name === 'lost') await call(url, 'DELETE', `/v2/trash/many-lost/blobs/${layers[0]?.digest}`, [202])
  }
  await page.goto('/trash')
  const filter = page.getByLabel('Filter by repository, tag, digest or user')
  await filter.fill('trash/nowhere')
  await expect(page.getByText('No matches')).toBeVisible()
  await filter.fill('trash/many-')
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(3)
  await expect(page).toHaveURL(/\/trash\?q=trash/)
  const lost = rowOf(page, 'trash/many-lost').getByRole('checkbox')
  await expect(lost).toHaveAccessibleDescription(/Can’t be restored: garbage collection removed/)
  await expect(lost).toBeDisabled()
  await page.getByRole('checkbox', { name: 'Select all that can be restored: 2 of 3 on this page' }).check()
  await expect(lost).not.toBeChecked()
  await page.getByRole('button', { name: 'Restore 2 selected' }).click()
  await expect(page.getByText('2 changes undone')).toBeVisible()
  expect(await digestOfTag(url, 'trash/many-one', '1.0')).toBe(images.get('one'))
  expect(await digestOfTag(url, 'trash/many-two', '1.0')).toBe(images.get('two'))
  expect(await digestOfTag(url, 'trash/many-lost', '1.0')).toBeUndefined()
})

test('the activity page undoes a change as long as nothing has happened since', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const { digest } = await pushImage(url, 'trash/activity', ['1.0'], { layers: [{ of: 'activity' }] })
  await signIn(page, 'ada')
  await page.goto('/r/local/trash/activity')
  await deleteImage(page, 'trash/activity', '1.0')
  await page.goto('/activity?q=repo:trash/activity')
  await page.getByRole('button', { name: 'Undo: 1.0' }).click()
  await expect(page.getByText('1 change undone')).toBeVisible()
  expect(await digestOfTag(url, 'trash/activity', '1.0')).toBe(digest)
  await expect(page.getByRole('button', { name: 'Undo: 1.0' })).toHaveCount(0)
})

test('an undo from the activity page names the tags that it leaves where they are', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const old = await pushImage(url, 'trash/stays', ['1.0'], { layers: [{ of: 'stays' }] })
  await signIn(page, 'ada', '/r/local/trash/stays')
  await deleteImage(page, 'trash/stays', '1.0')
  await page.goto('/activity?q=repo:trash/stays')
  const { digest } = await pushImage(url, 'trash/stays', ['1.0'], { layers: [{ of: 'someone else' }] })
  await page.getByRole('button', { name: 'Undo: 1.0' }).click()
  const toast = page.getByRole('region', { name: /Notifications/ })
  await expect(toast).toContainText('1 change undone')
  await expect(toast).toContainText('1.0 points at another image now, and stays there.')
  expect(await digestOfTag(url, 'trash/stays', '1.0')).toBe(digest)
  expect(await digestOfTag(url, 'trash/stays', old.digest)).toBe(old.digest)
})
