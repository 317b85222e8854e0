import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type DockerRegistry, startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { test as base, expect } from './fixtures.ts'
import { PEOPLE, signIn } from './people.ts'

interface Outage {
  readonly url: string
  /** Keeps its database: nothing is left in memory. */
  restartLading(): Promise<void>
  stopRegistry(): Promise<void>
  startRegistry(): Promise<void>
}

/** A registry that was synced and that a test can stop: the pages of its repositories were never opened. */
const test = base.extend<{ outage: Outage }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
  outage: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'lading-down-'))
    const storage = join(folder, 'registry')
    const port = await freePort()
    let registry: DockerRegistry | undefined = await startDockerRegistry({ storage, port })
    await pushImage(registry.url, 'team/api', ['1.0', '1.1'], { labels: { 'com.example.owner': 'Platform' } })
    await pushImage(registry.url, 'team/web', ['1.0'])
    await pushImage(registry.url, 'secret/vault', ['1.0'])
    const environment = {
      ...PEOPLE,
      ANONYMOUS_ROLE: 'none',
      REGISTRY_URL: registry.url,
      REGISTRY_NAME: 'hub',
      DATA_DIR: join(folder, 'data'),
    }
    let lading: Lading = await startLading(environment, '/sign-in')
    try {
      await use({
        get url() {
          return lading.url
        },
        async restartLading() {
          await lading.stop()
          lading = await startLading({ ...environment, PORT: String(lading.port) }, '/sign-in')
        },
        async stopRegistry() {
          await registry?.stop()
          registry = undefined
        },
        async startRegistry() {
          registry = await startDockerRegistry({ storage, port })
        },
      })
    } finally {
      await lading.stop()
      await registry?.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  },
  baseURL: async ({ outage }, use) => use(outage.url),
})
async function syncThenStop(page: Page, outage: Outage): Promise<void> {
  await signIn(page, 'ada')
  await page.getByRole('button', { name: 'Sync now' }).click()
  await expect(page.getByText(/^Synced/)).toBeVisible({ timeout: 60_000 })
  await outage.stopRegistry()
  // What was listed seconds ago is current enough to be shown without asking.
  await expect(async () => {
    await page.goto('/r/hub')
    await expect(notice(page)).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
}

const notice = (page: Page) => page.getByText(/^Can’t reach the registry\. Shown as last seen/)

test('browsing goes on from what was last seen while a registry is down, and is live again afterwards', async ({
  page,
  outage,
}) => {
  await syncThenStop(page, outage)
  await outage.restartLading()

  await page.goto('/')
  const card = page.getByRole('region', { name: 'hub' })
  await expect(card.getByText(/^Can’t reach the registry\. Shown as last seen/)).toBeVisible()
  await expect(card.getByRole('link', { name: 'team/api' })).toBeVisible()
  await expect(page.getByRole('tree').getByRole('treeitem', { name: /^team/ })).toBeVisible()

  await expect(page.getByRole('list', { name: 'Needs attention' })).toContainText('1 registry isn’t available')

  await page.goto('/r/hub/team')
  await expect(notice(page)).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'api', exact: true })).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'web', exact: true })).toBeVisible()

  await page.goto('/r/hub/team/api')
  await expect(notice(page)).toBeVisible()
  const tags = page.getByRole('table', { name: 'Tags of team/api' })
  await expect(tags.getByRole('rowheader')).toHaveCount(2)
  await expect(tags.getByRole('row', { name: /1\.1/ })).toContainText('linux/amd64')
  await expect(tags).toContainText('sha256')

  await page.goto('/r/hub/team/api:1.1')
  await expect(notice(page)).toBeVisible()
  const seen = page.getByRole('region', { name: 'Last seen' })
  await expect(seen).toContainText('linux/amd64')
  await expect(page.getByRole('region', { name: 'Labels' })).toContainText('com.example.ownerPlatform')

  // What was never seen is the error that it is.
  await page.goto('/r/hub/team/other')
  await expect(page.getByText('Can’t reach the registry', { exact: true })).toBeVisible()
  await expect(notice(page)).toHaveCount(0)

  await outage.startRegistry()
  await page.goto('/r/hub/team/api')
  await expect(tags.getByRole('rowheader')).toHaveCount(2)
  // Failures are remembered for a few seconds, which Retry doesn't wait for.
  if (await notice(page).isVisible()) await page.getByRole('button', { name: 'Retry' }).click()
  await expect(notice(page)).toHaveCount(0)
  await expect(tags.getByRole('rowheader')).toHaveCount(2)
  await page.goto('/r/hub/team/api:1.1')
  await expect(page.getByRole('button', { name: /^Retag/ })).toBeVisible()
  await expect(notice(page)).toHaveCount(0)
})

test('home says once why a sync failed, on the card of its registry', async ({ page, outage }) => {
  await syncThenStop(page, outage)
  await page.goto('/')
  const failed = page.getByRole('region', { name: 'Jobs' }).getByText('Failed', { exact: true })
  await page.getByRole('button', { name: 'Sync now' }).click()
  await expect(async () => {
    await page.reload()
    await expect(failed).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'hub' }).getByText(/^Can’t reach the registry/)).toBeVisible()
  await expect(page.getByRole('main').getByText(/^Can’t reach the registry/)).toHaveCount(1)
})

test('changes are refused with the reason while their registry is down', async ({ page, outage }) => {
  await syncThenStop(page, outage)
  await page.goto('/r/hub/team/api')
  await expect(notice(page)).toBeVisible()
  await expect(page.getByText('Changes need the registry itself, so they’re refused until it answers.')).toBeVisible()

  const reason = 'The registry can’t be reached. Changes need the registry itself.'
  await expect(page.getByRole('button', { name: 'Load archive' })).toHaveAccessibleDescription(reason)
  await page.getByRole('checkbox', { name: 'Select 1.0', exact: true }).check()
  const selected = page.getByRole('region', { name: 'Selected tags' })
  for (const name of ['Retag', 'Delete 1 tag'])
    await expect(selected.getByRole('button', { name })).toHaveAccessibleDescription(reason)
  await page.getByRole('button', { name: 'Actions for 1.0' }).click()
  const item = page.getByRole('menuitem', { name: /^Delete…/ })
  await expect(item).toBeDisabled()
  await expect(item).toContainText(reason)

  // The image is still held by the process that has synced it: its page is whole, but nothing is changed.
  await page.goto('/r/hub/team/api:1.0')
  await expect(notice(page)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Labels 1' })).toBeVisible()
  const remove = page.getByRole('button', { name: 'Delete', exact: true })
  await expect(remove).toBeDisabled()
  await expect(remove).toHaveAccessibleDescription(reason)
  await expect(page.getByRole('button', { name: 'Check', exact: true }).first()).toBeEnabled()
})

test('a registry that is down hides from a visitor what it hides when it answers', async ({ page, outage }) => {
  await syncThenStop(page, outage)
  await page.context().clearCookies()
  await signIn(page, 'vera')
  await page.goto('/r/hub')
  await expect(notice(page)).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'team 2 repositories below' })).toBeVisible()
  await expect(page.getByRole('link', { name: /secret/ })).toHaveCount(0)
  for (const path of ['/r/hub/secret', '/r/hub/secret/vault', '/r/hub/secret/vault:1.0'])
    expect((await page.goto(path))?.status()).toBe(404)
})
