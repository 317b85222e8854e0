import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as plain } from '@playwright/test'
import { stringify } from 'yaml'
import { makeCertificates } from '../lib/testing/servers/certificates.ts'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { basic, pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { pushSchema1 } from '../lib/testing/servers/schema1-images.ts'
import { startTokenServer } from '../lib/testing/servers/token-server.ts'

interface Many {
  readonly lading: Lading
}

/** One Lading on registries of every kind, two of them out of order. */
const test = plain.extend<object, { many: Many }>({
  many: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      const account = { username: 'robot', password: 'canary-password-1' }
      const certificates = await makeCertificates()
      await using tokens = await startTokenServer({
        accounts: [{ ...account, access: { '**': ['*'] }, catalog: true }],
      })
      await using schema1 = await startDockerRegistry({ schema1: true })
      await using locked = await startDockerRegistry({ htpasswd: account })
      await using secured = await startDockerRegistry({ tls: certificates })
      await using issued = await startDockerRegistry({ token: tokens.token })
      await using listed = await startFaultProxy(schema1.url, {
        rules: [{ path: '_catalog', fault: { kind: 'answer', status: 404, body: '404 page not found' } }],
      })
      await using html = await startFaultProxy(schema1.url, {
        rules: [
          {
            fault: {
              kind: 'answer',
              status: 200,
              headers: { 'content-type': 'text/html' },
              body: '<html><script>alert(1)</script>Sign in</html>',
            },
          },
        ],
      })
      await pushSchema1(schema1.url, 'old/app', '1', { labels: { era: 'schema 1' } })
      await pushImage({ url: locked.url, headers: basic(account.username, account.password) }, 'team/locked', ['1'])
      await pushImage({ url: secured.url, ca: certificates.ca }, 'team/secured', ['1'])
      const { username } = account
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Lading's own way to name an environment variable
      const password = '${ROBOT_PASSWORD}'
      const folder = await mkdtemp(join(tmpdir(), 'lading-config-'))
      const config = join(folder, 'lading.yaml')
      await writeFile(
        config,
        stringify({
          registries: [
            { name: 'schema1', url: schema1.url },
            { name: 'locked', url: locked.url, username, password },
            { name: 'issued', url: issued.url, username, password, tokenHosts: [new URL(tokens.url).host] },
            // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
            { name: 'wrong-password', url: locked.url, username, password: '${WRONG_PASSWORD}' },
            { name: 'secured', url: secured.url, caFile: certificates.caPath },
            { name: 'untrusted', url: secured.url },
            { name: 'listed', url: listed.url, repositories: ['old/app'] },
            { name: 'html', url: html.url },
            { name: 'down', url: `http://127.0.0.1:${await freePort()}` },
            { name: 'samples', layout: join(folder, 'layout'), samples: true },
          ],
        }),
      )
      await using lading = await startLading({
        LADING_CONFIG: config,
        ROBOT_PASSWORD: account.password,
        WRONG_PASSWORD: 'not the password',
      })
      await use({ lading })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ many }, use) => use(many.lading.url),
})

const UNAVAILABLE = [
  ['down', 'Can’t reach the registry', 'Check that it’s running'],
  ['wrong-password', 'The registry rejected Lading’s credentials', 'REGISTRY_PASSWORD'],
  ['untrusted', 'The registry’s certificate isn’t trusted', 'REGISTRY_CA_FILE'],
  ['html', 'Unexpected response: this may not be a registry', 'Check that the configured URL'],
] as const

test('only admins see addresses and settings; others are referred to their administrator', async ({ page }) => {
  await page.goto('/')
  for (const [registry, reason] of UNAVAILABLE) {
    const card = page.getByRole('region', { name: registry, exact: true })
    await expect(card).toContainText(reason)
    await expect(card).toContainText(/[Aa]sk your administrator\./)
  }
  const html = await page.content()
  expect(html).not.toMatch(/REGISTRY_|configuration file|lading-config-/)
  await page.goto('/r/samples/samples/web/storefront:latest')
  await expect(page.getByText('This image is in a folder on the server')).toBeVisible()
  expect(await page.content()).not.toContain('lading-config-')
})

for (const [registry, reason, advice] of UNAVAILABLE)
  test(`home shows admins why “${registry}” isn’t available and what to do, and shows the others`, async ({
    page,
    many: { lading },
  }) => {
    await page.goto('/sign-in')
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password').fill(lading.adminPassword())
    await page.getByRole('button', { name: 'Sign in' }).click()
    const card = page.getByRole('region', { name: registry, exact: true })
    await expect(card.getByText('Not available')).toBeVisible()
    await expect(card).toContainText(reason)
    await expect(card).toContainText(advice)
    await expect(page.getByRole('region', { name: 'locked' }).getByText('Reachable')).toBeVisible()
    await page.getByRole('link', { name: registry, exact: true }).first().click()
    await expect(page.getByRole('main')).toContainText(reason)
  })

test('home’s first line counts the registries that aren’t available, and leads to the first', async ({ page }) => {
  await page.goto('/')
  const count = page.getByRole('list', { name: 'Needs attention' }).getByRole('listitem').first()
  await expect(count).toHaveText(`${UNAVAILABLE.length} registries aren’t available`)
  const link = count.getByRole('link')
  const [, name = ''] = /#registry-(.+)/.exec((await link.getAttribute('href')) ?? '') ?? []
  await link.click()
  await expect(page.getByRole('region', { name, exact: true }).getByText('Not available')).toBeInViewport()
})

test('a filter’s matches stand together, above the registries that couldn’t be searched', async ({ page }) => {
  await page.goto('/?names=team')
  const main = page.getByRole('main')
  await expect(main.getByText(/ wasn’t searched:/)).toHaveCount(UNAVAILABLE.length)
  const text = (await main.textContent()) ?? ''
  const [locked, secured] = ['team/locked', 'team/secured'].map((name) => text.indexOf(name)) as [number, number]
  expect(locked).toBeGreaterThan(0)
  expect(secured).toBeGreaterThan(0)
  for (const [registry, reason] of UNAVAILABLE) {
    await expect(main).toContainText(`${registry} wasn’t searched: ${reason}`)
    expect(text.indexOf(reason)).toBeGreaterThan(Math.max(locked, secured))
  }
})

for (const [kind, registry, repository] of [
  ['Basic credentials', 'locked', 'team/locked'],
  ['a CA of its own', 'secured', 'team/secured'],
  ['no catalog but configured repositories', 'listed', 'old/app'],
] as const)
  test(`a registry with ${kind} is browsed like any other`, async ({ page }) => {
    await page.goto('/')
    const card = page.getByRole('region', { name: registry, exact: true })
    await card.getByRole('link', { name: repository }).click()
    await page.getByRole('rowheader').getByRole('link', { name: '1', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${repository}:1`)
    await expect(page.getByRole('region', { name: 'Pull commands' })).toContainText(`${repository}@sha256:`)
  })

test('a registry with a token server is browsed like any other', async ({ page }) => {
  await page.goto('/r/issued')
  await expect(page.getByText('No repositories')).toBeVisible()
})

test('a schema 1 image shows its config, labels and layers', async ({ page }) => {
  await page.goto('/r/schema1/old/app:1?tab=labels')
  await expect(page.getByText('Image (Docker schema 1)')).toBeVisible()
  await expect(page.getByRole('row', { name: /era/ })).toContainText('schema 1')
  await page.goto('/r/schema1/old/app:1?tab=layers')
  const contents = page.getByRole('region', { name: 'Contents' })
  await expect(contents.getByRole('row', { name: /COPY step 1/ })).toContainText(/v1 image [0-9a-f]{12}/)
  const [id] = /[0-9a-f]{12}/.exec((await contents.getByText('v1 image').textContent()) ?? '') ?? []
  await page.goto('/r/schema1/old/app:1')
  await expect(contents.getByText('ID of the last v1 image')).toBeVisible()
  await expect(contents.getByRole('button', { name: `Copy digest ${id}` })).toBeVisible()
})

test('samples are marked as samples', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('region', { name: 'samples' })).toContainText(
    'were created by Lading, so that you have something to look at',
  )
})
