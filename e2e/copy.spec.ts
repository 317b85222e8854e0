import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { call, digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { skopeoRaw } from '../lib/testing/servers/skopeo.ts'
import { expect, test } from './image-fixtures.ts'

test('an image is copied to another registry with its digest, and the job stays listed', async ({ page, homes }) => {
  await page.goto('/r/hub/team/multi:2')
  await page.getByRole('button', { name: 'Copy to' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('To registry').selectOption('mirror')
  await expect(dialog.getByText('doesn’t exist there yet')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy image' }).click()
  await expect(dialog.getByText('Done', { exact: true })).toBeVisible()
  expect(await skopeoRaw(`docker://${homes.mirror.host}/team/multi:2`)).toEqual(homes.stock.multi.bytes)
  await dialog.getByRole('link', { name: 'Open the copy' }).click()
  await expect(page).toHaveURL(/\/r\/mirror\/team\/multi:2$/)
  await page.goto('/jobs')
  const job = page.getByRole('listitem').filter({ hasText: 'mirror/team/multi:2' })
  await expect(job.getByText('Done', { exact: true })).toBeVisible()
  await expect(job).toContainText('sent')
})

test('an existing tag is overwritten only when that is confirmed, and not when it has moved meanwhile', async ({
  page,
  homes,
}) => {
  const old = await pushImage(homes.mirror.url, 'copy/taken', ['1'], { labels: { version: 'old' } })
  await page.goto('/r/hub/team/app:1.0.0')
  await page.getByRole('button', { name: 'Copy to' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('To registry').selectOption('mirror')
  await dialog.getByLabel('Repository').fill('copy/taken')
  await dialog.getByLabel('Tag').fill('1')
  await expect(dialog.getByText('1 is another image there')).toBeVisible()
  const copy = dialog.getByRole('button', { name: 'Copy and overwrite' })
  await expect(copy).toBeDisabled()
  await dialog.getByLabel(/Overwrite it/).check()
  const moved = await pushImage(homes.mirror.url, 'copy/taken', ['1'], { labels: { version: 'moved' } })
  expect(moved.digest).not.toBe(old.digest)
  await copy.click()
  await expect(dialog.getByText('It has changed since you opened this')).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'copy/taken', '1')).toBe(moved.digest)
})

test('chosen platforms alone are copied, under another digest', async ({ page, homes }) => {
  await page.goto('/r/hub/team/multi:2')
  await page.getByRole('button', { name: 'Copy to' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('To registry').selectOption('mirror')
  await dialog.getByLabel('Tag').fill('arm')
  await dialog.getByLabel('linux/amd64').uncheck()
  await expect(dialog.getByText('so its digest changes')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy image' }).click()
  await expect(dialog.getByText('Done', { exact: true })).toBeVisible()
  const index = JSON.parse((await skopeoRaw(`docker://${homes.mirror.host}/team/multi:arm`)).toString())
  expect(index.manifests.map((child: { digest: string }) => child.digest)).toEqual([
    homes.stock.multiChildren[1]?.digest,
  ])
})

test('an image is brought into a repository from another registry', async ({ page, homes }) => {
  await pushImage(homes.mirror.url, 'copy/here', ['seed'])
  await page.goto('/r/mirror/copy/here')
  await page.getByRole('button', { name: 'Copy image here' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Image to copy' }).fill('hub/legacy/docker:1')
  await dialog.getByRole('button', { name: 'Next' }).click()
  await expect(dialog.getByText('doesn’t exist there yet')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy image' }).click()
  await expect(dialog.getByText('Done', { exact: true })).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'copy/here', '1')).toBe(homes.stock.docker.digest)
})

test('what an image lacks is listed by its place', async ({ page, homes }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByText('Complete: all 5 items')).toBeVisible()
  await page.getByRole('button', { name: 'Hash all content' }).click()
  await expect(page.getByText('Every byte was hashed.')).toBeVisible()
  expect(homes.stock.app.layers).toHaveLength(3)
})

test('what is gone from an image is named with its place', async ({ page, homes }) => {
  const { layers } = await pushImage(homes.hub.url, 'copy/holed', ['1'], { layers: [{ a: '1' }, { 'only/here': 'x' }] })
  const lost = layers[1]?.digest ?? ''
  await call(homes.hub.url, 'DELETE', `/v2/copy/holed/blobs/${lost}`, [202])
  await page.goto('/r/hub/copy/holed:1')
  await page.getByRole('button', { name: 'Check' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Incomplete: 1 missing')).toBeVisible()
  const missing = dialog.getByRole('list', { name: 'Missing' }).getByRole('listitem')
  await expect(missing).toHaveCount(1)
  await expect(missing).toContainText('layers[1]')
  await expect(missing).toContainText(lost.slice(7, 19))
})

test('a copy whose server is killed goes on after the restart, and its page tells of it', async ({ page, homes }) => {
  await using mirror = await startDockerRegistry()
  await using proxy = await startFaultProxy(mirror.url)
  const data = await mkdtemp(join(tmpdir(), 'lading-killed-'))
  const config = join(data, 'lading.yml')
  const registries = [
    { name: 'hub', url: homes.hub.url },
    { name: 'there', url: proxy.url },
  ]
  await writeFile(config, stringify({ registries }))
  const reached = Promise.withResolvers<void>()
  const hold = () => {
    reached.resolve()
    return new Promise<void>(() => {})
  }
  // The blobs are there by then, the tag is not.
  proxy.on({ method: 'PUT', path: '/manifests/', nth: 1, fault: { kind: 'run', run: hold } })
  const env = { LADING_CONFIG: config, DATA_DIR: data, ANONYMOUS_ROLE: 'admin' }
  const before = await startLading(env)
  try {
    await page.goto(`${before.url}/r/hub/team/multi:2`)
    await page.getByRole('button', { name: 'Copy to' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('To registry').selectOption('there')
    await expect(dialog.getByText('doesn’t exist there yet')).toBeVisible()
    await dialog.getByRole('button', { name: 'Copy image' }).click()
    await reached.promise
  } finally {
    await before.stop('SIGKILL')
  }
  expect(await digestOfTag(mirror.url, 'team/multi', '2')).toBeUndefined()
  await using after = await startLading({ ...env, PORT: String(before.port) })
  await page.goto(`${after.url}/jobs`)
  const job = page.getByRole('listitem').filter({ hasText: 'there/team/multi:2' })
  await expect(job.getByText('Done', { exact: true })).toBeVisible()
  expect(await digestOfTag(mirror.url, 'team/multi', '2')).toBe(homes.stock.multi.digest)
  await rm(data, { recursive: true, force: true, maxRetries: 3 })
})
