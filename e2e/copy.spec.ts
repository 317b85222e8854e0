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

test('overwrites an existing tag only once confirmed, and not if it has moved in the meantime', async ({
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
  await expect(dialog.getByText('1 points at another image there')).toBeVisible()
  const copy = dialog.getByRole('button', { name: 'Copy and overwrite' })
  await expect(copy).toBeDisabled()
  await dialog.getByLabel(/Overwrite it/).check()
  const moved = await pushImage(homes.mirror.url, 'copy/taken', ['1'], { labels: { version: 'moved' } })
  expect(moved.digest).not.toBe(old.digest)
  await copy.click()
  await expect(dialog.getByText('It has changed since you opened this')).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'copy/taken', '1')).toBe(moved.digest)
})

test('copies only the chosen platforms, under another digest', async ({ page, homes }) => {
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

test('copies an image into a repository from another registry', async ({ page, homes }) => {
  await pushImage(homes.mirror.url, 'copy/here', ['seed'])
  await page.goto('/r/mirror/copy/here')
  await page.getByRole('button', { name: 'Copy image here' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Image to copy' }).fill('hub/legacy/docker:1')
  await page.getByRole('option', { name: 'hub/legacy/docker:1' }).click()
  await dialog.getByRole('button', { name: 'Next' }).click()
  await expect(dialog.getByText('doesn’t exist there yet')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy image' }).click()
  await expect(dialog.getByText('Done', { exact: true })).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'copy/here', '1')).toBe(homes.stock.docker.digest)
})

test('a check lists what an image lacks, by its place', async ({ page, homes }) => {
  await page.goto('/r/hub/team/app:1.0.0')
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByText('Complete: all 5 items')).toBeVisible()
  await page.getByRole('button', { name: 'Hash all content' }).click()
  await expect(page.getByText('Every byte was hashed.')).toBeVisible()
  expect(homes.stock.app.layers).toHaveLength(3)
})

test('a copy names what is missing from an image, by its place', async ({ page, homes }) => {
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

test('a copy continues after its server was killed, and its page says so', async ({ page, homes }) => {
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
  // The lease of the process that was killed has to end first.
  await expect(job.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 })
  expect(await digestOfTag(mirror.url, 'team/multi', '2')).toBe(homes.stock.multi.digest)
  await rm(data, { recursive: true, force: true, maxRetries: 3 })
})

test('copies selected tags as one job that reports the outcome of each', async ({ page, homes }) => {
  await pushImage(homes.hub.url, 'copy/many', ['1.0', '1', 'latest'], { labels: { version: '1' } })
  const two = await pushImage(homes.hub.url, 'copy/many', ['2.0'], { labels: { version: '2' } })
  const taken = await pushImage(homes.mirror.url, 'copy/many', ['latest'], { labels: { version: 'other' } })
  await page.goto('/r/hub/copy/many')
  for (const tag of ['1.0', '2.0', 'latest'])
    await page.getByRole('checkbox', { name: `Select ${tag}`, exact: true }).check()
  await page.getByRole('region', { name: 'Selected tags' }).getByRole('button', { name: 'Copy to' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy 3 tags' })
  await dialog.getByLabel('To registry').selectOption('mirror')
  await expect(dialog.getByText('1 tag exists there: latest')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy 3 tags' }).click()
  await expect(dialog.getByText('Done', { exact: true })).toBeVisible()
  for (const text of [/copied\s*1\.0/, /copied\s*2\.0/, /kept\s*latest/])
    await expect(dialog.getByRole('listitem').filter({ hasText: text })).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'copy/many', '2.0')).toBe(two.digest)
  expect(await digestOfTag(homes.mirror.url, 'copy/many', 'latest')).toBe(taken.digest)
  expect(await digestOfTag(homes.mirror.url, 'copy/many', '1')).toBeUndefined()
  await dialog.getByRole('link', { name: 'Open the copies' }).click()
  await expect(page).toHaveURL(/\/r\/mirror\/copy\/many$/)
})

test('copies a whole repository from its page', async ({ page, homes }) => {
  const one = await pushImage(homes.hub.url, 'copy/whole', ['a', 'b', 'c'], { labels: { version: '1' } })
  await page.goto('/r/hub/copy/whole')
  await page.getByRole('button', { name: 'Copy all' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy 3 tags' })
  await dialog.getByLabel('To registry').selectOption('mirror')
  await dialog.getByLabel('Repository').fill('copy/whole-again')
  await expect(dialog.getByText('None of the 3 tags exist there yet.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Copy 3 tags' }).click()
  await expect(dialog.getByText('3 of 3 tags')).toBeVisible()
  for (const tag of ['a', 'b', 'c'])
    expect(await digestOfTag(homes.mirror.url, 'copy/whole-again', tag)).toBe(one.digest)
  await page.goto('/jobs')
  const job = page.getByRole('listitem').filter({ hasText: 'mirror/copy/whole-again' })
  await expect(job.getByText('Done', { exact: true })).toBeVisible()
})
