import { expect, type Page } from '@playwright/test'
import { startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { call, digestOfTag, pushImage, pushIndex } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { PEOPLE, signIn, test } from './people.ts'

async function openDelete(page: Page, path: string, title: RegExp | string, url?: string) {
  await signIn(page, 'ada', path, url)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  return page.getByRole('dialog', { name: title })
}

/** An outcome in the corner of the page. */
function toast(page: Page, title: string) {
  return page.getByRole('region', { name: /Notifications/ }).getByRole('dialog', { name: title, exact: true })
}

test('deleting one tag keeps its sibling on the same digest', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, 'delete/sibling', ['one', 'two'])
  const dialog = await openDelete(page, '/r/local/delete/sibling:one', 'Delete one')
  await expect(dialog.getByText('Keeps the image and its other tag.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Delete tag one' }).click()
  await expect(toast(page, 'Tag one deleted')).toContainText('the image and its other tags are unchanged')
  await expect(dialog).toHaveCount(0)
  expect(await digestOfTag(registry.url, 'delete/sibling', 'one')).toBeUndefined()
  expect(await digestOfTag(registry.url, 'delete/sibling', 'two')).toBe(digest)
  await expect(page).toHaveURL('/r/local/delete/sibling')
  await expect(page.getByRole('table').getByRole('rowheader').getByRole('link')).toHaveText(['two'])
})

test('deleting one tag from the table keeps a sibling on another page', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, 'delete/pages', ['a-first', 'z-last'])
  const others = Array.from({ length: 148 }, (_, index) => `m-${String(index).padStart(3, '0')}`)
  const other = await pushImage(registry.url, 'delete/pages', others, { layers: [{ other: 'image' }] })
  await signIn(page, 'ada', '/r/local/delete/pages?sort=name&dir=asc')
  await page.getByRole('button', { name: 'Actions for a-first' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete a-first' })
  await expect(dialog.getByText('Tags kept')).toBeVisible()
  await expect(dialog).toContainText('z-last')
  await expect(dialog).toContainText('150 tags in this repository, signature tags included, just now')
  await dialog.getByRole('button', { name: 'Delete tag a-first' }).click()
  await expect(toast(page, 'Tag a-first deleted')).toBeVisible()
  expect(await digestOfTag(registry.url, 'delete/pages', 'a-first')).toBeUndefined()
  expect(await digestOfTag(registry.url, 'delete/pages', 'z-last')).toBe(digest)
  expect(await digestOfTag(registry.url, 'delete/pages', 'm-000')).toBe(other.digest)
})

test('deleting an image names all its tags and requires typing the repository', async ({
  page,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'delete/image', ['one', 'two', 'three'])
  const kept = await pushImage(registry.url, 'delete/image', ['other'], { layers: [{ other: 'image' }] })
  const dialog = await openDelete(page, '/r/local/delete/image:one', 'Delete one')
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  for (const tag of ['one', 'two', 'three']) await expect(dialog.getByText(tag, { exact: true })).toBeVisible()
  const button = dialog.getByRole('button', { name: 'Delete image and 3 tags' })
  await expect(button).toBeDisabled()
  await dialog.getByRole('textbox').fill('delete/image')
  await expect(button).toBeDisabled()
  await dialog.getByRole('textbox').fill('local/delete/image')
  await button.click()
  await expect(toast(page, 'Image and 3 tags deleted')).toBeVisible()
  expect((await call(registry.url, 'HEAD', `/v2/delete/image/manifests/${digest}`)).status).toBe(404)
  expect(await digestOfTag(registry.url, 'delete/image', 'other')).toBe(kept.digest)
})

test('a tag that moves between preview and confirm is not deleted', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, 'delete/race', ['one', 'two'])
  const dialog = await openDelete(page, '/r/local/delete/race:one', 'Delete one')
  await expect(dialog.getByText('Tags kept')).toBeVisible()
  const moved = await pushImage(registry.url, 'delete/race', ['one'], { layers: [{ new: 'one' }] })
  await dialog.getByRole('button', { name: 'Delete tag one' }).click()
  const alert = dialog.getByRole('alert')
  await expect(alert).toContainText(digest.slice(7, 19))
  await expect(alert).toContainText(moved.digest.slice(7, 19))
  expect(await digestOfTag(registry.url, 'delete/race', 'one')).toBe(moved.digest)
  expect(await digestOfTag(registry.url, 'delete/race', 'two')).toBe(digest)
})

test('a tag that moved since its page loaded is reported before anything can be confirmed', async ({
  page,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'delete/stale', ['one'])
  await signIn(page, 'ada', '/r/local/delete/stale:one')
  const moved = await pushImage(registry.url, 'delete/stale', ['one'], { layers: [{ new: 'one' }] })
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('one has moved since you opened this page')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Delete tag one' })).toBeDisabled()
  expect(await digestOfTag(registry.url, 'delete/stale', 'one')).toBe(moved.digest)
})

test('a tag added to the image after the preview stops the image’s deletion', async ({
  page,
  stocked: { registry },
}) => {
  const { digest, bytes, mediaType } = await pushImage(registry.url, 'delete/late', ['one'])
  const dialog = await openDelete(page, `/r/local/delete/late@${digest}`, 'Delete image')
  const button = dialog.getByRole('button', { name: 'Delete image and 1 tag' })
  await expect(button).toBeEnabled()
  const type = { 'content-type': mediaType }
  await call(registry.url, 'PUT', '/v2/delete/late/manifests/late', [201], type, bytes)
  await button.click()
  await expect(dialog.getByRole('alert')).toContainText('It has changed since you opened this')
  expect(await digestOfTag(registry.url, 'delete/late', 'late')).toBe(digest)
})

test('a platform of a live index is deleted only once the gap is confirmed', async ({
  page,
  stocked: { registry },
}) => {
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(registry.url, 'delete/child', [], { platform })
  await pushIndex(registry.url, 'delete/child', ['multi'], [{ manifest: child, platform }])
  const dialog = await openDelete(page, `/r/local/delete/child@${child.digest}`, 'Delete image')
  await expect(dialog.getByText('Other tags need this image')).toBeVisible()
  await expect(dialog.getByText('Pulling multi for this platform would fail.')).toBeVisible()
  const button = dialog.getByRole('button', { name: 'Delete image', exact: true })
  await expect(button).toBeDisabled()
  await dialog.getByRole('checkbox', { name: /an index lists it/ }).check()
  await button.click()
  await expect(toast(page, 'Image deleted')).toBeVisible()
  await page.goto('/r/local/delete/child:multi')
  await expect(page.getByText('Missing: listed here, but not in this repository')).toBeVisible()
})

test('the preview shows what refers to the image', async ({ page }) => {
  const dialog = await openDelete(page, '/r/local/team/app:latest', 'Delete latest')
  await expect(dialog.getByText('1 signature, attestation or SBOM')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
})

test('a deletion can be undone where it is reported: the tag, and an image with all its tags', async ({
  page,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'delete/undo', ['one', 'two'])
  const dialog = await openDelete(page, '/r/local/delete/undo:one', 'Delete one')
  await dialog.getByRole('button', { name: 'Delete tag one' }).click()
  const deleted = toast(page, 'Tag one deleted')
  await expect(deleted).toBeVisible()
  expect(await digestOfTag(registry.url, 'delete/undo', 'one')).toBeUndefined()
  // The page changes, and the way back stays.
  await expect(page).toHaveURL('/r/local/delete/undo')
  await deleted.getByRole('button', { name: 'Undo' }).click()
  await expect(toast(page, 'one restored')).toBeVisible()
  expect(await digestOfTag(registry.url, 'delete/undo', 'one')).toBe(digest)
  await page.getByRole('rowheader').getByRole('link', { name: 'one', exact: true }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  await dialog.getByRole('textbox').fill('local/delete/undo')
  await dialog.getByRole('button', { name: 'Delete image and 2 tags' }).click()
  await expect(toast(page, 'Image and 2 tags deleted')).toBeVisible()
  expect(await digestOfTag(registry.url, 'delete/undo', 'two')).toBeUndefined()
  await toast(page, 'Image and 2 tags deleted').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(page, 'one and two restored')).toBeVisible()
  for (const tag of ['one', 'two']) expect(await digestOfTag(registry.url, 'delete/undo', tag)).toBe(digest)
})

test('deleting the last tag says that the image stays untagged, and offers to delete the image', async ({
  page,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'delete/last', ['only'])
  const dialog = await openDelete(page, '/r/local/delete/last:only', 'Delete only')
  await expect(dialog.getByText('It’s the last tag: the image stays, untagged.')).toBeVisible()
  await expect(dialog.getByRole('radio', { name: /^The image/ })).toBeEnabled()
  await dialog.getByRole('button', { name: 'Delete tag only' }).click()
  await expect(toast(page, 'Tag only deleted')).toContainText('It has no tag now.')
  expect(await digestOfTag(registry.url, 'delete/last', digest)).toBe(digest)
})

test('what can’t be undone is reported and nothing is written; a tag that is in use again stays', async ({
  page,
  stocked: { registry },
}) => {
  const { digest, layers } = await pushImage(registry.url, 'delete/late-undo', ['one'], { layers: [{ gone: 'soon' }] })
  const dialog = await openDelete(page, '/r/local/delete/late-undo:one', 'Delete one')
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  await dialog.getByRole('button', { name: 'Delete image and 1 tag' }).click()
  const deleted = toast(page, 'Image and 1 tag deleted')
  await expect(deleted).toBeVisible()
  const lost = layers[0]?.digest ?? ''
  // As garbage collection would.
  await call(registry.url, 'DELETE', `/v2/delete/late-undo/blobs/${lost}`, [202])
  await deleted.getByRole('button', { name: 'Undo' }).click()
  const failed = page.getByRole('region', { name: /Notifications/ }).getByRole('alertdialog', {
    name: /^Not restored/,
    // A toast of high priority is read out as an alert, and hidden until it has the focus.
    includeHidden: true,
  })
  await expect(failed).toContainText(lost)
  expect(await digestOfTag(registry.url, 'delete/late-undo', 'one')).toBeUndefined()
  const other = await pushImage(registry.url, 'delete/late-undo', ['one'], {
    layers: [{ gone: 'soon' }],
    labels: { new: '1' },
  })
  await failed.getByRole('button', { name: 'Try again', includeHidden: true }).click()
  await expect(toast(page, 'Image restored')).toContainText('one points at another image now, and stays there.')
  expect(await digestOfTag(registry.url, 'delete/late-undo', digest)).toBe(digest)
  expect(await digestOfTag(registry.url, 'delete/late-undo', 'one')).toBe(other.digest)
})

test('deletes an image of a layout with the layers that nothing else needs, if asked to', async ({ page }) => {
  await using lading = await startLading(PEOPLE)
  await signIn(page, 'ada', '/r/local/samples/platform/tools/ladle', lading.url)
  await page.getByRole('table').getByRole('rowheader').getByRole('link').first().click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  const layers = dialog.getByRole('checkbox', { name: /Also delete .* of layers that nothing else needs/ })
  await expect(layers).not.toBeChecked()
  await layers.check()
  await dialog.getByRole('textbox').fill('local/samples/platform/tools/ladle')
  await dialog.getByRole('button', { name: /^Delete image/ }).click()
  await expect(dialog.getByText('Image deleted.')).toBeVisible()
  await expect(dialog.getByRole('list', { name: 'Layers' }).getByText('deleted').first()).toBeVisible()
  await expect(dialog.getByText('this can’t be undone')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Undo' })).toHaveCount(0)
})

test('uses an empty image to delete a tag only when explicitly chosen', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, 'delete/strict', ['one', 'two'])
  await using proxy = await startFaultProxy(registry.url)
  await using lading = await startLading({ ...PEOPLE, REGISTRY_URL: proxy.url, REGISTRY_NAME: 'local' })
  const dialog = await openDelete(page, '/r/local/delete/strict:one', 'Delete one', lading.url)
  // White space and an annotation, twice.
  const refusal = { kind: 'answer', status: 400, body: '{"errors":[{"code":"MANIFEST_INVALID"}]}' } as const
  proxy.on({ method: 'PUT', path: '/manifests/', nth: [1, 4], fault: refusal })
  await dialog.getByRole('button', { name: 'Delete tag one' }).click()
  await expect(dialog.getByText('Nothing was deleted')).toBeVisible()
  await expect(dialog.getByText('gets an image that doesn’t run')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Keep tag' })).toBeFocused()
  expect(await digestOfTag(registry.url, 'delete/strict', 'one')).toBe(digest)
  await dialog.getByRole('button', { name: 'Delete via a placeholder image' }).click()
  await expect(toast(page, 'Tag one deleted')).toBeVisible()
  expect(await digestOfTag(registry.url, 'delete/strict', 'one')).toBeUndefined()
  expect(await digestOfTag(registry.url, 'delete/strict', 'two')).toBe(digest)
})
