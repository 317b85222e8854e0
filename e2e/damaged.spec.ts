import { expect, type Page } from '@playwright/test'
import { type FaultProxy, startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { call, descriptor, pushBlob, pushImage, pushManifest } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { test as base } from './fixtures.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** A registry whose answers can be damaged on their way. */
const test = base.extend<object, { faults: FaultProxy }>({
  faults: [
    async ({ stocked: { registry } }, use) => {
      await pushImage(registry.url, 'damaged/app', ['good', 'broken'], { layers: [{ first: '1' }] })
      await using proxy = await startFaultProxy(registry.url)
      await use(proxy)
    },
    { scope: 'worker' },
  ],
  lading: [
    async ({ faults }, use) => {
      await using lading = await startLading({ REGISTRY_URL: faults.url, REGISTRY_NAME: 'local' })
      await use(lading)
    },
    { scope: 'worker', timeout: 150_000 },
  ],
})

/** The rest of the page stands, and so do other pages. */
async function expectAlive(page: Page) {
  await expect(page.getByRole('banner')).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toBeVisible()
  expect((await page.goto('/r/local/team/app:1.0.0'))?.status()).toBe(200)
  await expect(page.getByRole('region', { name: 'Pull commands' })).toBeVisible()
}

const answer = (body: string | Uint8Array, type = MANIFEST) => ({
  kind: 'answer' as const,
  status: 200,
  headers: { 'content-type': type },
  body,
})
const digestOf = (text: string) => `sha256:${text.repeat(64)}`
const empty = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('a'), size: 2 }

for (const [what, fault, said] of [
  ['HTML in place of a manifest', answer('<html>Sign in</html>', 'text/html'), /Unexpected response|malformed/],
  ['a manifest that is no JSON', answer('{"schemaVersion":2,'), /malformed/],
  ['a manifest of 100,000 nested lists', answer('['.repeat(100_000)), /malformed/],
  ['an enormous manifest', { kind: 'endless', chunk: ' '.repeat(65_536), prefix: '{' }, /Too large to read/],
  [
    'a manifest that is an image and an index at once',
    answer(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: empty, layers: [], manifests: [] })),
    /manifest is ambiguous/,
  ],
  [
    'a manifest of another type than the registry says',
    answer(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] })),
    /disagree about its media type/,
  ],
  ['a fault of the registry', { kind: 'answer', status: 500, body: 'oops' }, /Registry server error/],
  ['a connection that breaks', { kind: 'reset' }, /Can’t reach the registry/],
] as const)
  test(`${what} is told in its place, and the rest stays`, async ({ page, faults }) => {
    faults.on({ path: '/damaged/app/manifests/', fault })
    try {
      const response = await page.goto('/r/local/damaged/app:broken')
      expect(response?.status()).toBe(200)
      await expect(page.getByRole('main')).toContainText(said)
      await expectAlive(page)
    } finally {
      faults.clear()
    }
  })

for (const [what, fault] of [
  ['that is no JSON', answer('{"schemaVersion":2,')],
  ['that is a web page', answer('<html>Sign in</html>', 'text/html')],
  ['that the registry cannot read', { kind: 'answer', status: 500, body: 'oops' }],
] as const)
  test(`one broken manifest, ${what}, costs its own row only`, async ({ page, faults, stocked: { registry } }) => {
    const repository = `damaged/${what.replaceAll(' ', '-').toLowerCase()}`
    for (const tag of ['one', 'two', 'three']) await pushImage(registry.url, repository, [tag], { labels: { tag } })
    faults.on({ method: 'GET', path: new RegExp(`/${repository}/manifests/two$`), fault })
    const { digest } = await pushImage(registry.url, repository, [], { labels: { tag: 'two' } })
    faults.on({ method: 'GET', path: `/${repository}/manifests/${digest}`, fault })
    try {
      await page.goto(`/r/local/${repository}`)
      const row = (tag: string) =>
        page.getByRole('row').filter({ has: page.getByRole('link', { name: tag, exact: true }) })
      for (const tag of ['one', 'three']) await expect(row(tag)).toContainText('linux/amd64')
      await expect(row('two')).toHaveCount(1)
      await expect(row('two')).not.toContainText('linux/amd64')
      await expect(row('two')).toContainText(/malformed|Unexpected response|server error/)
      expect(faults.requests.some(({ path }) => path.endsWith('/manifests/two') || path.endsWith(digest))).toBe(true)
    } finally {
      faults.clear()
    }
  })

test('content that does not match its digest is told and not shown', async ({
  page,
  faults,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'damaged/bits', ['one'], { layers: [{ only: 'here' }] })
  faults.on({ path: '/damaged/bits/manifests/sha256', fault: { kind: 'flip-byte', at: 20 } })
  try {
    await page.goto(`/r/local/damaged/bits@${digest}`)
    await expect(page.getByRole('main')).toContainText('doesn’t match its digest')
    await expectAlive(page)
  } finally {
    faults.clear()
  }
})

test('an index with a missing child shows the others', async ({ page, stocked: { registry } }) => {
  const platform = { os: 'linux', architecture: 'amd64' }
  const child = await pushImage(registry.url, 'damaged/index', [], { platform, layers: [{ child: '1' }] })
  const other = await pushImage(registry.url, 'damaged/index', [], { layers: [{ child: '2' }] })
  const arm64 = { os: 'linux', architecture: 'arm64' }
  await pushManifest(registry.url, 'damaged/index', ['1'], INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [
      { ...descriptor(child), platform },
      { ...descriptor(other), platform: arm64 },
    ],
  })
  await call(registry.url, 'DELETE', `/v2/damaged/index/manifests/${other.digest}`, [202])
  await page.goto('/r/local/damaged/index:1')
  const platforms = page.getByRole('region', { name: 'Platforms' })
  await expect(platforms.getByRole('row', { name: /linux\/arm64/ })).toContainText('not in this repository')
  await platforms.getByRole('link', { name: 'linux/amd64' }).click()
  await expect(page.getByRole('main')).toContainText('Directory')
  await expectAlive(page)
})

test('an image whose config is nonsense still shows its layers', async ({ page, stocked: { registry } }) => {
  const config = await pushBlob(registry.url, 'damaged/config', Buffer.from('not json'), empty.mediaType)
  const layer = await pushBlob(
    registry.url,
    'damaged/config',
    Buffer.from('layer'),
    'application/vnd.oci.image.layer.v1.tar',
  )
  await pushManifest(registry.url, 'damaged/config', ['1'], MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: [descriptor(layer)],
  })
  const response = await page.goto('/r/local/damaged/config:1?tab=layers')
  expect(response?.status()).toBe(200)
  await expect(page.getByRole('main')).toContainText(layer.digest.slice(7, 19))
  await expectAlive(page)
})

test('an image whose config is gone says so, says that pulls fail, and offers the check', async ({
  page,
  stocked: { registry },
}) => {
  const { config } = await pushImage(registry.url, 'damaged/gone', ['1'], { config: { only: 'here' } })
  await call(registry.url, 'DELETE', `/v2/damaged/gone/blobs/${config.digest}`, [202])
  await page.goto('/r/local/damaged/gone:1')
  await expect(page.getByText('This image is damaged: its config is missing')).toBeVisible()
  await expect(page.getByRole('main')).toContainText('pulling this image fails')
  await page.getByRole('region', { name: 'Contents' }).getByRole('button', { name: 'Check' }).click()
  await expect(page.getByRole('dialog').getByText('Incomplete: 1 missing')).toBeVisible()
  await page.goto('/r/local/damaged/gone')
  await expect(page.getByRole('table')).toContainText('damaged: pulls fail')
})
