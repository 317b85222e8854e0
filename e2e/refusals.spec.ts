import { expect, type Page } from '@playwright/test'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import { PEOPLE, signIn, test } from './people.ts'

/** Every change that a page can ask for, on `one` of a repository, which would all work for the admin. */
function changes(repository: string, digest: string) {
  const scope = { registry: 'local', repository }
  return {
    'tags.ts retagTag': { ...scope, from: digest, to: 'new', expect: null },
    'tags.ts deleteTag': { ...scope, tag: 'one', expect: digest, siblings: [], strategy: 'allow-replace' },
    'tags.ts deleteImage': { ...scope, digest, expectTags: ['one'], force: true, layers: true },
    'tags.ts undoChange': { ...scope, change: '20260102T030405000Z-00000000-0000-4000-8000-000000000000' },
    'jobs.ts copyImage': {
      source: { ...scope, digest, selector: 'one' },
      destination: { ...scope, tag: 'copied', expect: null },
      platforms: null,
      referrers: false,
    },
    'jobs.ts copyTags': {
      source: scope,
      destination: { ...scope, repository: `${repository}-copied` },
      select: { tags: ['one'] },
      existing: 'keep',
      referrers: false,
    },
  }
}

async function sessionOf(page: Page): Promise<string> {
  return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
}

test('without signing in no change is offered, and none is made by asking the server directly', async ({
  page,
  lading,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'refused/anonymous', ['one'])
  await page.goto('/r/local/refused/anonymous:one')
  await expect(page.getByRole('link', { name: 'Compare' }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^(Retag|Delete|Copy to)$/ })).toHaveCount(0)
  await page.goto('/r/local/refused/anonymous')
  await page.getByRole('button', { name: 'Actions for one' }).click()
  await expect(page.getByRole('menuitem', { name: 'Open' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: /Retag|Delete/ })).toHaveCount(0)
  const ids = await serverActions()
  for (const [name, input] of Object.entries(changes('refused/anonymous', digest))) {
    const { body } = await callAction({ url: lading.url, id: ids.get(name) ?? '', args: [input], origin: lading.url })
    expect(body, name).toContain('access.sign-in')
  }
  expect(await digestOfTag(registry.url, 'refused/anonymous', 'one')).toBe(digest)
  expect(await digestOfTag(registry.url, 'refused/anonymous', 'new')).toBeUndefined()
})

test('an admin’s session changes nothing from another site, a sandboxed frame or a script without origin', async ({
  page,
  lading,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'refused/origin', ['one'])
  await signIn(page, 'ada')
  const cookie = await sessionOf(page)
  const ids = await serverActions()
  for (const origin of ['http://evil.example', 'null', undefined, lading.url.replace('http:', 'ftp:')])
    for (const [name, input] of Object.entries(changes('refused/origin', digest))) {
      const call = { url: lading.url, id: ids.get(name) ?? '', args: [input], cookie, origin }
      const { status, body } = await callAction(call)
      expect(status, `${name} from ${origin}`).toBe(403)
      expect(body).toContain('another site')
    }
  expect(lading.output()).not.toMatch(/^\s+at /m)
  expect(await digestOfTag(registry.url, 'refused/origin', 'one')).toBe(digest)
  expect(await digestOfTag(registry.url, 'refused/origin', 'new')).toBeUndefined()
  expect((await page.goto('/'))?.status()).toBe(200)
})

test('a registry without deletes says so before one confirms, and how to turn them on', async ({ page }) => {
  await using registry = await startDockerRegistry({ deletes: false })
  await using lading = await startLading({ ...PEOPLE, REGISTRY_URL: registry.url, REGISTRY_NAME: 'local' })
  const { digest } = await pushImage(registry.url, 'fixed/app', ['one', 'two'])
  await signIn(page, 'ada', '/r/local/fixed/app:one', lading.url)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog')
  for (const choice of [/^Only the tag one/, /^The image/]) {
    await dialog.getByRole('radio', { name: choice }).check()
    await expect(dialog.getByText('This registry doesn’t support deletion')).toBeVisible()
    await expect(dialog).toContainText('REGISTRY_STORAGE_DELETE_ENABLED')
    await expect(dialog.getByRole('button', { name: /^Delete/ })).toBeDisabled()
  }
  expect(await digestOfTag(registry.url, 'fixed/app', 'one')).toBe(digest)
  const ids = await serverActions()
  for (const name of ['tags.ts deleteTag', 'tags.ts deleteImage'] as const) {
    const args = [changes('fixed/app', digest)[name]]
    await callAction({
      url: lading.url,
      id: ids.get(name) ?? '',
      args,
      cookie: await sessionOf(page),
      origin: lading.url,
    })
  }
  expect(await digestOfTag(registry.url, 'fixed/app', 'one')).toBe(digest)
  expect(await digestOfTag(registry.url, 'fixed/app', 'two')).toBe(digest)
})

test('while Lading is read-only its dialogs say so, and the server makes no change when asked directly', async ({
  page,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'refused/locked', ['one', 'two'])
  const env = { ...PEOPLE, REGISTRY_URL: registry.url, REGISTRY_NAME: 'local', READ_ONLY: '1' }
  await using lading = await startLading(env)
  await signIn(page, 'ada', '/r/local/refused/locked:one', lading.url)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog.getByText('Lading is read-only')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Delete tag one' })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Retag' }).click()
  await dialog.getByLabel('New tag').fill('new')
  await expect(dialog.getByText('Lading is read-only')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Add tag' })).toBeDisabled()
  const ids = await serverActions()
  const cookie = await sessionOf(page)
  for (const [name, input] of Object.entries(changes('refused/locked', digest))) {
    const call = { url: lading.url, id: ids.get(name) ?? '', args: [input], cookie, origin: lading.url }
    expect((await callAction(call)).body, name).toContain('access.read-only')
  }
  expect(await digestOfTag(registry.url, 'refused/locked', 'one')).toBe(digest)
  expect(await digestOfTag(registry.url, 'refused/locked', 'new')).toBeUndefined()
})
