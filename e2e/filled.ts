import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, expect, type Page } from '@playwright/test'
import { stringify } from 'yaml'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { test as stocked } from './fixtures.ts'
import { passwordOf } from './people.ts'

interface Filled {
  readonly lading: Lading
  /** Pages in the states that people see them in, by what they show. */
  readonly pages: Readonly<Record<string, string>>
}

const LONG = 'pr-2381-fix-basket-rounding-for-zero-decimal-currencies'
const POLICY = `policies:
  - name: Ownership
    query: "repo:filled/**"
    labels:
      org.opencontainers.image.licenses: { required: true, format: spdx, allow: [Apache-2.0, MIT] }
      team: { required: true, oneOf: [quay, harbour] }
    owner: "label:team"
`

/**
 * A Lading in use: a registry, sample images, a registry that is down; synced, with findings, changes, jobs, plans in
 * every state, a rule and a token. Everyone who isn't signed in is an admin.
 */
export const test = stocked.extend<object, { readonly filled: Filled }>({
  filled: [
    async ({ browser, stocked: { registry, stock } }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'lading-filled-'))
      for (const version of ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '3.0.0', '3.0.1', '3.1.0', '3.2.0']) {
        const labels = { 'org.opencontainers.image.version': version, ...(version < '2' && { team: 'quay' }) }
        await pushImage(registry.url, 'filled/app', [version], { labels, layers: [{ version }] })
      }
      await pushImage(registry.url, 'filled/app', ['latest', LONG], { layers: [{ version: 'latest' }] })
      const config = join(folder, 'lading.yaml')
      const people = await readFile(join(import.meta.dirname, 'people.yaml'), 'utf8')
      const registries = [
        { name: 'local', url: registry.url },
        { name: 'samples', layout: join(folder, 'layout'), samples: true },
        { name: 'down', url: `http://127.0.0.1:${await freePort()}` },
      ]
      await writeFile(config, `${stringify({ registries })}${people}`)
      await writeFile(join(folder, 'policy.yaml'), POLICY)
      const env = { LADING_CONFIG: config, POLICY_FILE: join(folder, 'policy.yaml'), SYNC_MINUTES: '60' }
      await using lading = await startLading(env)
      const plans = await fill(browser, lading.url)
      await use({ lading, pages: { ...PAGES, ...plans, blob: `/d/local/team/app@${stock.app.config.digest}` } })
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ filled }, use) => use(filled.lading.url),
  page: async ({ page }, use) => {
    await signInAsAda(page, '')
    await use(page)
  },
})

export { expect } from '@playwright/test'

const image = '/r/local/team/app:1.0.0'
const storefront = '/r/samples/samples/web/storefront'
const PAGES: Readonly<Record<string, string>> = {
  home: '/',
  'home, filtered': '/?names=app',
  'a registry': '/r/local',
  'a registry that is down': '/r/down',
  'a namespace': '/r/local/team',
  tags: '/r/local/filled/app',
  'tags, none found': '/r/local/filled/app?q=nothing',
  images: '/r/local/filled/app?view=images',
  ...Object.fromEntries(
    ['history', 'labels', 'storage', 'policy'].map((view) => [
      `${view} of a repository`,
      `/r/local/filled/app?view=${view}`,
    ]),
  ),
  'an image': image,
  ...Object.fromEntries(
    ['labels', 'layers', 'referrers', 'raw'].map((tab) => [`an image: ${tab}`, `${image}?tab=${tab}`]),
  ),
  'an index': '/r/local/team/multi:2',
  'a sample': `${storefront}:latest`,
  'signatures and SBOMs': '/r/samples/samples/platform/tools/ladle:latest?tab=referrers',
  'labels of a sample': `${storefront}:latest?tab=labels`,
  'a chart': '/r/samples/samples/charts/storefront:latest',
  'an artifact': '/r/samples/samples/policies:latest',
  'a comparison to choose': '/diff',
  'a comparison': '/diff?a=local/team/app:0.9.0&b=local/team/app:1.0.0',
  'a comparison, all rows': '/diff?a=local/team/app:0.9.0&b=local/team/app:1.0.0&view=all',
  'a comparison, raw': '/diff?a=local/team/app:0.9.0&b=local/team/app:1.0.0&view=raw',
  'a comparison of indexes': '/diff?a=local/team/multi:2&b=local/team/multi:latest',
  'a comparison that fails': '/diff?a=local/team/none:1&b=down/x:1',
  search: '/search',
  'search, found': '/search?q=repo:filled/**',
  'search, nothing found': '/search?q=nothingatall',
  'search, mistaken': '/search?q=nosuch:thing',
  labels: '/labels',
  'label keys': '/labels?view=keys',
  policy: '/policy',
  storage: '/storage?registry=samples',
  'storage of a namespace': '/storage?registry=samples&path=samples',
  activity: '/activity',
  audit: '/audit',
  trash: '/trash',
  auditor: '/auditor',
  jobs: '/jobs',
  notifications: '/settings/notifications',
  access: '/settings/access',
  sessions: '/settings/sessions',
  retention: '/settings/retention',
  'a retention policy': '/settings/retention/new',
  tokens: '/settings/tokens',
  protection: '/settings/protection',
  'nothing there': '/r/local/not/there',
  'no such tag': '/r/local/filled/app:3.0.9',
  'no such page': '/zzz',
  'signing in': '/sign-in',
}

async function signInAsAda(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(passwordOf('ada'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: /^ada: / })).toBeVisible()
}

/** Uses Lading as people do. @returns the plans' pages */
async function fill(browser: Browser, url: string): Promise<Record<string, string>> {
  const page = await browser.newPage({ baseURL: url })
  await signInAsAda(page, url)
  await page.goto(`${url}/r/local/filled/app:2.0.0`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('button', { name: 'Delete tag 2.0.0' }).click()
  await expect(page.getByText('Tag 2.0.0 deleted', { exact: true }).first()).toBeVisible()
  const plan = async (query: string) => {
    await page.goto(`${url}/r/local/filled/app?q=${encodeURIComponent(query)}`)
    await page.getByRole('checkbox', { name: 'Select all tags on this page' }).check()
    await page.getByRole('button', { name: /^Delete \d+ tags$/ }).click()
    await page.waitForURL(/\/plan\//)
    return new URL(page.url()).pathname
  }
  const run = async () => {
    await page.getByLabel('Type 2 to confirm').fill('2')
    await page.getByRole('button', { name: 'Delete 2 tags' }).click()
    await expect(page.getByRole('heading', { level: 1, name: /^Deleted/ })).toBeVisible({ timeout: 60_000 })
  }
  const draft = await plan('/^1\\.[01]\\./')
  const finished = await plan('3.0*')
  await run()
  const undone = await plan('/^3\\.[12]\\./')
  await run()
  await page.getByRole('button', { name: 'Undo all 2 tags' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Restored/ })).toBeVisible({ timeout: 60_000 })
  await page.goto(`${url}/settings/protection`)
  await page.getByLabel('Name').fill('Releases')
  await page.getByLabel('Protects').fill('repo:filled/** tag:latest')
  await page.getByRole('button', { name: /^Add/ }).click()
  await expect(page.getByRole('main').getByText('Releases', { exact: true })).toBeVisible()
  await page.goto(`${url}/settings/tokens`)
  await page.getByLabel('Name').fill('Nightly export')
  await page.getByRole('button', { name: /^Create|^Make/ }).click()
  await expect(page.getByRole('main').getByText('Nightly export').first()).toBeVisible()
  await page.close()
  return { 'a plan': draft, 'a plan, finished': finished, 'a plan, undone': undone }
}
