import { pushImage } from '../lib/testing/servers/images.ts'
import { expect, test } from './fixtures.ts'

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>'

test.beforeAll(async ({ stocked: { registry } }) => {
  await pushImage(registry.url, 'hostile/app', ['1', 'with..dots', '_under'], {
    labels: {
      [SCRIPT]: SCRIPT,
      bidi: 'safe\u202Efdp.exe',
      __proto__x: 'x',
      constructor: 'own',
      'org.opencontainers.image.source': 'javascript:alert(1)',
      'org.opencontainers.image.url': 'data:text/html,<script>alert(1)</script>',
      'org.opencontainers.image.documentation': 'https://user:password@example.com/',
      'org.opencontainers.image.vendor': 'https://example.com/ok',
    },
    config: {
      config: { Env: [`EVIL=${SCRIPT}`], Cmd: [SCRIPT], User: SCRIPT },
      author: SCRIPT,
      history: [{ created_by: SCRIPT, comment: SCRIPT }, { created_by: '\u001b[31mred\u0000' }],
    },
    annotations: { annotation: SCRIPT },
  })
})

test('markup in labels, config and history is text: nothing runs, and the policy blocks nothing', async ({ page }) => {
  const alarms: string[] = []
  page.on('dialog', async (dialog) => {
    alarms.push(`dialog ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) alarms.push(message.text())
  })
  page.on('pageerror', (error) => alarms.push(String(error)))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.log(`Refused to ${event.blockedURI}`))
  })
  for (const path of [
    ...['', '?tab=labels', '?tab=layers', '?tab=raw'].map((query) => `/r/local/hostile/app:1${query}`),
    '/diff?a=local/team/app:0.9.0&b=local/hostile/app:1&view=all',
    '/r/local/hostile/app',
    `/r/local/hostile/app?q=${encodeURIComponent(SCRIPT)}`,
    `/diff?a=${encodeURIComponent(SCRIPT)}&b=${encodeURIComponent(SCRIPT)}`,
    `/sign-in?returnTo=${encodeURIComponent(SCRIPT)}`,
  ]) {
    await page.goto(path, { waitUntil: 'networkidle' })
    expect(await page.evaluate(() => document.querySelectorAll('img[src=x]').length), path).toBe(0)
  }
  expect(alarms).toEqual([])
  await page.goto('/r/local/hostile/app:1?tab=labels')
  await expect(page.getByRole('cell', { name: SCRIPT, exact: true }).first()).toBeVisible()
})

test('bidirectional and invisible characters are written out', async ({ page }) => {
  await page.goto('/r/local/hostile/app:1?tab=labels')
  await expect(page.getByRole('row', { name: /^bidi/ })).toContainText('safe⟨U+202E⟩fdp.exe')
  await page.goto('/r/local/hostile/app:1?tab=layers')
  await expect(page.getByRole('main')).toContainText('⟨U+001B⟩')
})

test('only http and https URLs in labels become links, without an opener', async ({ page }) => {
  await page.goto('/r/local/hostile/app:1?tab=labels')
  const links = page.getByRole('table').getByRole('link')
  await expect(links).toHaveText(['https://example.com/ok'])
  await expect(links.first()).toHaveAttribute('rel', /noopener noreferrer/)
})

test('tags with odd but valid names open from their links', async ({ page }) => {
  for (const tag of ['with..dots', '_under']) {
    await page.goto('/r/local/hostile/app')
    await page.getByRole('link', { name: tag, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`hostile/app:${tag}`)
  }
})

test('URLs that name nothing return not-found, and the server keeps running', async ({ page, lading }) => {
  for (const path of [
    '/r/local/team/app:a/b',
    '/r/local/team/..%2f..%2fetc/passwd',
    '/r/local/%2e%2e/%2e%2e/etc',
    '/r/local/team%00app',
    '/r/local/team%0aapp',
    '/r/local/team%2fapp%2f..',
    '/r/local/team/app@sha256:..%2f..%2f',
    '/r/local/team/app@sha256:123',
    '/r/local/TEAM/App',
    '/r/local/team/app%',
    '/r/%2e%2e/x',
    '/r/__proto__',
    '/d/local/team/app@sha256:nope',
    '/api/blob/local/team/app@nope',
    '/api/resolution/local/..%2f',
    '//example.com/%2f..',
    '/r/local//team//app:',
  ]) {
    const response = await page.request.get(lading.url + path, { maxRedirects: 0 })
    expect([301, 307, 308, 400, 404], `${path}: ${response.status()}`).toContain(response.status())
    const location = response.headers().location
    if (location) expect(new URL(location, lading.url).origin, path).toBe(lading.url)
  }
  expect((await page.goto('/r/local/team/app'))?.status()).toBe(200)
})

test('invalid query parameters are ignored or reported, never an error', async ({ page }) => {
  for (const query of [
    'page=-1',
    'page=1e9',
    'page=abc',
    'sort=constructor',
    'dir=up',
    `q=${'('.repeat(500)}`,
    'q=%00',
  ]) {
    const response = await page.goto(`/r/local/team/app?${query}`)
    expect(response?.status(), query).toBe(200)
    await expect(page.getByRole('table', { name: 'Tags of team/app' })).toBeVisible()
  }
  for (const query of ['platform=nope', 'platform=..%2f', 'tab=constructor'])
    expect((await page.goto(`/r/local/team/multi:2?${query}`))?.status(), query).toBe(200)
})
