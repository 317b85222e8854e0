import { expect, type Page } from '@playwright/test'
import { type FaultProxy, startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { call, descriptor, pushBlob, pushImage, pushManifest } from '../lib/testing/servers/images.ts'
import { startLading } from '../lib/testing/servers/lading.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import { test as base } from './fixtures.ts'
import { mainThreadTime } from './main-thread-time.ts'

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
    { scope: 'worker', timeout: 240_000 },
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
  ['a manifest that isn’t JSON', answer('{"schemaVersion":2,'), /malformed/],
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
  test(`${what} is reported in place, and the rest of the page stays`, async ({ page, faults }) => {
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
  ['that is cut off', answer('{"schemaVersion":2,')],
  ['that is a web page', answer('<html>Sign in</html>', 'text/html')],
  ['that the registry cannot read', { kind: 'answer', status: 500, body: 'oops' }],
] as const)
  test(`one broken manifest, ${what}, affects only its own row`, async ({ page, faults, stocked: { registry } }) => {
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

test('Retry asks a registry at once, and it can be used as soon as it’s back', async ({ page, faults, stocked }) => {
  await pushImage(stocked.registry.url, 'damaged/later', ['1'])
  const restore = faults.on({ fault: { kind: 'reset' } })
  const asked = () => faults.count('GET', '/damaged/later/tags/list')
  await page.goto('/r/local/damaged/later')
  const main = page.getByRole('main')
  await expect(main).toContainText('Can’t reach the registry')
  // A page that loads slowly can outlast the break, which each failure makes longer.
  await expect(async () => {
    const before = asked()
    await page.goto('/r/local/damaged/later')
    expect(asked()).toBe(before)
  }).toPass()
  const before = asked()
  await main.getByRole('button', { name: 'Retry' }).click()
  await expect.poll(asked).toBeGreaterThan(before)
  await expect(main.getByRole('button', { name: 'Retry' })).toBeEnabled()
  restore()
  await main.getByRole('button', { name: 'Retry' }).click()
  await main.getByRole('rowheader').getByRole('link', { name: '1', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Pull commands' })).toContainText('damaged/later@sha256:')
})

test('content that doesn’t match its digest is reported and not shown', async ({
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

test('an entry and a layer that can’t be verified are named, without a link or a download', async ({
  page,
  faults,
  stocked: { registry },
}) => {
  const blake3 = `blake3:${'ab'.repeat(32)}`
  const image = await pushImage(registry.url, 'damaged/odd', ['image'])
  const document = JSON.parse(Buffer.from(image.bytes).toString())
  const odd = { ...document.layers[0], digest: blake3 }
  const index = {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [
      { ...descriptor(image), platform: { os: 'linux', architecture: 'amd64' } },
      { mediaType: MANIFEST, digest: blake3, size: 700, platform: { os: 'linux', architecture: 'arm64' } },
    ],
  }
  faults.on({ path: '/damaged/odd/manifests/index', fault: answer(JSON.stringify(index), INDEX) })
  const layered = JSON.stringify({ ...document, layers: [...document.layers, odd] })
  faults.on({ path: '/damaged/odd/manifests/layers', fault: answer(layered) })
  try {
    await page.goto('/r/local/damaged/odd:index')
    await expect(page.getByRole('region', { name: 'Pull commands' })).toBeVisible()
    const row = page.getByRole('table', { name: /^Platforms of/ }).getByRole('row', { name: /arm64/ })
    await expect(row).toContainText('Can’t be verified: unknown digest algorithm')
    await expect(row.getByRole('link', { name: /blake3/ })).toHaveCount(0)
    await row.getByRole('link', { name: 'linux/arm64' }).click()
    await expect(page.getByRole('main')).toContainText('Lading doesn’t open, copy or archive content')
    const tabs = ['labels', 'layers', 'referrers', 'raw'].map(
      (tab) => `/r/local/damaged/odd:index?platform=linux%2Farm64&tab=${tab}`,
    )
    for (const address of [
      ...tabs,
      '/diff?a=local/damaged/odd:index&b=local/damaged/odd:image&platform=linux%2Farm64',
    ]) {
      const response = await page.goto(address)
      expect(response?.status()).toBe(200)
      await expect(page.getByRole('main')).not.toContainText('Something went wrong')
    }
    await page.goto('/r/local/damaged/odd:layers?tab=layers')
    const layers = page.getByRole('table', { name: 'Layers of damaged/odd' })
    await expect(layers.getByRole('row', { name: /blake3/ })).toContainText('can’t be verified')
    await expect(layers.getByRole('link', { name: `Download ${blake3}` })).toHaveCount(0)
    await expect(layers.getByRole('link', { name: `Download ${document.layers[0].digest}` })).toBeVisible()
  } finally {
    faults.clear()
  }
})

test('an image whose config is invalid still shows its layers', async ({ page, stocked: { registry } }) => {
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

test('an image whose config is missing says that pulls fail, and offers the check', async ({
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

for (const [what, slow, address, said] of [
  ['a blob', '/blobs/', (blob: string) => `/d/local/damaged/slow@${blob}`, 'architecture'],
  ['a comparison', '/manifests/', () => '/diff?a=local/damaged/slow:1&b=local/damaged/slow:2', 'Shared'],
] as const)
  test(`${what} that a slow registry delays appears after its page`, async ({
    page,
    faults,
    stocked: { registry },
  }) => {
    const { config } = await pushImage(registry.url, 'damaged/slow', ['1'], { labels: { what, is: 'one' } })
    await pushImage(registry.url, 'damaged/slow', ['2'], { labels: { what, is: 'two' } })
    faults.on({ path: new RegExp(`/damaged/slow${slow}`), fault: { kind: 'slow-headers', ms: 5000 } })
    try {
      const [response] = await Promise.all([
        page.goto(address(config.digest), { waitUntil: 'commit' }),
        page.getByRole('main').getByRole('status', { name: 'Loading' }).waitFor(),
      ])
      expect(response?.status()).toBe(200)
      await expect(page.getByRole('banner')).toBeVisible()
      await expect(page.getByRole('main')).toContainText(said, { timeout: 30_000 })
    } finally {
      faults.clear()
    }
  })

test('an image that a slow registry delays is headed as it is once it has loaded', async ({
  page,
  faults,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'damaged/heading', ['1'], { labels: { only: 'heading' } })
  faults.on({ path: '/damaged/heading/blobs/', fault: { kind: 'slow-headers', ms: 5000 } })
  const heading = page.getByRole('heading', { level: 1 })
  try {
    await Promise.all([
      page.goto('/r/local/damaged/heading:1', { waitUntil: 'commit' }),
      page.getByRole('main').getByRole('status', { name: 'Loading' }).waitFor(),
    ])
    // At once: a later look would find the loaded page.
    expect(await heading.textContent()).toBe('damaged/heading:1')
    await expect(page.getByRole('region', { name: 'Pull commands' })).toBeVisible({ timeout: 30_000 })
    await expect(heading).toHaveText('damaged/heading:1')
  } finally {
    faults.clear()
  }
})

test('a digest that later proves to be a manifest’s leads to its page, and an absent one doesn’t', async ({
  page,
  faults,
  stocked: { registry },
}) => {
  const { digest } = await pushImage(registry.url, 'damaged/late', ['1'], { labels: { only: 'late' } })
  faults.on({ path: '/damaged/late/blobs/', fault: { kind: 'slow-headers', ms: 4000 } })
  try {
    await page.goto(`/d/local/damaged/late@${digest}`)
    await expect(page).toHaveURL(`/r/local/damaged/late@${digest}`)
    await expect(page.getByRole('region', { name: 'Pull commands' })).toBeVisible()
    await page.goto(`/d/local/damaged/late@sha256:${'0'.repeat(64)}`)
    await expect(page.getByRole('main')).toContainText('Not found')
  } finally {
    faults.clear()
  }
})

test('a page from an earlier version asks to be reloaded', async ({ page, faults }) => {
  await using lading = await startLading({ REGISTRY_URL: faults.url, REGISTRY_NAME: 'local', ANONYMOUS_ROLE: 'admin' })
  await page.goto(`${lading.url}/r/local/team/app`)
  await page.route('**/*', (route) => {
    const headers = route.request().headers()
    // What the server runs has other ids for its actions.
    return route.continue(
      headers['next-action'] ? { headers: { ...headers, 'next-action': `40${'0'.repeat(40)}` } } : undefined,
    )
  })
  await page.getByRole('button', { name: 'Actions for 0.9.0' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await expect(page.getByRole('dialog')).toContainText('Reload the page')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Delete tag 0.9.0' })).toBeDisabled()
})

test('a server asked to stop finishes the page in progress and accepts no more', async ({
  faults,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'damaged/ending', ['1'], { labels: { only: 'ending' } })
  await using lading = await startLading({ REGISTRY_URL: faults.url, REGISTRY_NAME: 'local' })
  faults.on({ path: '/damaged/ending/manifests/', nth: 1, fault: { kind: 'slow-headers', ms: 1500 } })
  try {
    const asked = faults.count('GET', '/damaged/ending/manifests/') + faults.count('HEAD', '/damaged/ending/manifests/')
    const making = fetch(`${lading.url}/r/local/damaged/ending:1`)
    await expect
      .poll(
        () =>
          faults.count('GET', '/damaged/ending/manifests/') +
          faults.count('HEAD', '/damaged/ending/manifests/') -
          asked,
      )
      .toBeGreaterThan(0)
    const ending = lading.stop('SIGTERM')
    const response = await making
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Pull commands')
    await ending
    await expect(fetch(`${lading.url}/healthz`)).rejects.toThrow()
  } finally {
    faults.clear()
  }
})

test('action bodies that are deeply nested, wide or dangling don’t block the server', async ({ lading }) => {
  const id = (await serverActions()).get('repositories.ts matchRepositories') ?? ''
  const nested = (open: string, close: string) =>
    `[${open.repeat(240_000 / (open.length + close.length))}0${close.repeat(240_000 / (open.length + close.length))}]`
  const bodies = [
    nested('[', ']'),
    nested('{"a":', '}'),
    `[${'['.repeat(240_000)}`,
    `[[${'0,'.repeat(120_000)}0]]`,
    `[{${Array.from({ length: 20_000 }, (_, i) => `"${i}":0`).join(',')}}]`,
    `[[${'"$1",'.repeat(40_000)}"$K1"]]`,
    `["${'x'.repeat(250_000)}"]`,
  ]
  for (const body of bodies) {
    let isOver = false
    const call = callAction({ url: lading.url, id, args: [], body, origin: lading.url }).finally(() => {
      isOver = true
    })
    do {
      const before = mainThreadTime(lading.pid)
      expect((await fetch(`${lading.url}/healthz`)).status).toBe(200)
      expect(mainThreadTime(lading.pid) - before, body.slice(0, 20)).toBeLessThan(1_000)
    } while (!isOver)
    // Either refused, or a search for nonsense that finds nothing.
    expect((await call).body, body.slice(0, 20)).not.toContain('team/app')
  }
  expect((await fetch(`${lading.url}/`)).status).toBe(200)
})
