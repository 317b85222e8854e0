import { globSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { stringify } from 'yaml'
import { type DockerRegistry, startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { digestOfTag, type PushedImage, pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import { startTokenServer, type TokenServer } from '../lib/testing/servers/token-server.ts'
import { actionInputs } from './action-inputs.ts'
import { test as base } from './fixtures.ts'
import { signIn } from './people.ts'
import { ROUTES } from './routes.ts'

// `hub` has a token server: Lading's robot may do everything, ann works in team-a, bea reads team-b. `plain` knows both
// by htpasswd, and `open` lets anyone in. All have the same content, and the catalog has all of `hub`.
const ROBOT = { username: 'robot', password: 'canary robot password', access: { '**': ['*'] }, catalog: true }
const ANN = { username: 'ann', password: 'canary password of ann', access: { 'team-a/**': ['pull', 'push', 'delete'] } }
const BEA = { username: 'bea', password: 'canary password of bea', access: { 'team-b/**': ['pull'] } }
const ADA_HASH = '$2b$04$tvBS5i4wDMrZkMzw9eLmEeTXzOy81Z1.QyhW1/5lsvnLwad.sqqye'

const SECRET = { repository: 'team-a/canary-name', tag: 'canary-tag', label: 'canary-label-value', key: 'canary-key' }
const OWN = 'team-b/app'

interface Setting {
  /** The content of every registry, without a password. */
  readonly back: DockerRegistry
  readonly tokens: TokenServer
  readonly hub: FaultProxy
  readonly plain: FaultProxy
  readonly secret: PushedImage
  readonly own: PushedImage
  readonly env: Readonly<Record<string, string>>
}

const test = base.extend<object, { setting: Setting; running: { lading: Lading } }>({
  setting: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'lading-account-'))
      const storage = join(folder, 'storage')
      await using tokens = await startTokenServer({ accounts: [ROBOT, ANN, BEA] })
      await using back = await startDockerRegistry({ storage })
      await using withTokens = await startDockerRegistry({ storage, token: tokens.token })
      await using withNames = await startDockerRegistry({ storage, htpasswd: [ROBOT, ANN, BEA] })
      await using hub = await startFaultProxy(withTokens.url)
      await using plain = await startFaultProxy(withNames.url)
      const labels = { [SECRET.key]: SECRET.label }
      const secret = await pushImage(back.url, SECRET.repository, [SECRET.tag, '1.0.0'], { labels })
      const own = await pushImage(back.url, OWN, ['2.0.0', 'latest'], { labels: { team: 'b' } })
      const entry = { username: 'robot', passwordFile: 'robot', signIn: true }
      await writeFile(join(folder, 'robot'), ROBOT.password)
      await writeFile(
        join(folder, 'policy.yaml'),
        stringify({ policies: [{ name: 'owned', labels: { owner: { required: true } } }] }),
      )
      await writeFile(
        join(folder, 'lading.yaml'),
        stringify({
          registries: [
            { name: 'hub', url: hub.url, tokenHosts: [new URL(tokens.url).host], ...entry },
            { name: 'plain', url: plain.url, ...entry },
            { name: 'open', url: back.url, signIn: true },
          ],
          users: [{ username: 'ada', passwordHash: ADA_HASH, role: 'admin' }],
        }),
      )
      const env = {
        LADING_CONFIG: join(folder, 'lading.yaml'),
        POLICY_FILE: join(folder, 'policy.yaml'),
        DATA_DIR: join(folder, 'data'),
        ANONYMOUS_ROLE: 'none',
        AUTH_SECRET: 'a secret of forty characters for this test',
      }
      await use({ back, tokens, hub, plain, secret, own, env })
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  running: [
    async ({ setting, browser }, use) => {
      const running = { lading: await startLading(setting.env, '/sign-in') }
      const page = await browser.newPage()
      await signIn(page, 'ada' as never, '/', running.lading.url)
      await syncHub(running.lading, await cookieOf(page), SECRET.repository)
      await page.close()
      await use(running)
      await running.lading.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  lading: [async ({ running }, use) => use(running.lading), { scope: 'worker' }],
})

async function cookieOf(page: Page): Promise<string> {
  return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Reads all of `hub` with Lading's own credentials. */
async function syncHub({ url }: Lading, cookie: string, until: string): Promise<void> {
  const id = (await serverActions()).get('sync.ts syncNow') ?? ''
  const { body } = await callAction({ url, id, args: [{ registry: 'hub', everything: true }], cookie, origin: url })
  expect(body).toContain('"ok":true')
  const found = async () =>
    (await fetch(`${url}/api/export/search?format=csv&q=repo:${until}`, { headers: { cookie } })).text()
  await expect.poll(found, { timeout: 30_000 }).toContain(`,${until},`)
}

async function signInWith(
  page: Page,
  registry: string,
  { username, password }: { username: string; password: string },
): Promise<string> {
  await page.context().clearCookies()
  await page.goto(`/sign-in?account=${registry}`)
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password or token').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: `${username}@registry:${registry}` })).toBeVisible()
  return cookieOf(page)
}

/** The accounts that `hub`'s tokens were asked for since. */
function accountsSince(tokens: TokenServer, before: number): string[] {
  const asked = tokens.requests.slice(before).map(({ path }) => new URL(path, 'http://x').searchParams.get('account'))
  return [...new Set(asked.map((name) => name ?? 'nobody'))].sort()
}

/** What `plain` was sent to sign in with since. */
function loginsSince(plain: FaultProxy, before: number): string[] {
  const sent = plain.requests.slice(before).flatMap(({ headers }) => headers.authorization ?? [])
  return [...new Set(sent.map((header) => Buffer.from(header.replace('Basic ', ''), 'base64').toString()))]
}

test('people sign in with their own account of a registry, which checks the password', async ({ page, setting }) => {
  await page.goto('/sign-in?returnTo=%2Fr%2Fhub%2Fteam-b%2Fapp')
  await page.getByRole('link', { name: 'Sign in with your account of hub' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in with your account of hub' })).toBeVisible()
  await page.getByLabel('User name').fill('bea')
  await page.getByLabel('Password or token').fill('a guess')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Wrong user name or password.')).toBeVisible()
  const before = setting.tokens.requests.length
  await page.getByLabel('Password or token').fill(BEA.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: OWN })).toBeVisible()
  await expect(page.getByRole('link', { name: '2.0.0' }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'bea@registry:hub' })).toBeVisible()
  expect(accountsSince(setting.tokens, before).filter((name) => !name.startsWith('lading-'))).toEqual(['bea'])
})

test('a registry that lets anyone in can’t confirm who somebody is, and the page says so', async ({ page }) => {
  await page.goto('/sign-in?account=open')
  await expect(page.getByText('open lets anyone in without a password')).toBeVisible()
  await expect(page.getByLabel('Password or token')).toHaveCount(0)
})

/** Sends the form of a page as a browser without scripts does. @returns the page that answers */
async function submitWithoutScripts(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const page = await (await fetch(url)).text()
  const form = new FormData()
  for (const [, attributes = ''] of page.matchAll(/<input type="hidden"([^>]*)>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''
    form.append(attribute('name'), attribute('value').replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const answer = await fetch(url, { method: 'POST', headers: { origin: new URL(url).origin }, body: form })
  return answer.text()
}

test('guesses at an account of a registry are throttled', async ({ lading, setting }) => {
  const before = setting.plain.requests.length
  const attempt = (n: number) =>
    submitWithoutScripts(`${lading.url}/sign-in?account=plain`, { username: 'victim', password: `guess ${n}` })
  const answers: string[] = []
  for (let n = 0; n < 8; n++) answers.push(await attempt(n))
  expect(answers[0]).toContain('Wrong user name or password')
  expect(answers.at(-1)).toContain('Too many failed sign-ins')
  expect(loginsSince(setting.plain, before).length).toBeLessThan(8)
})

test('an account sees repositories as far as the registry shows them, and is told why others are missing', async ({
  page,
  setting,
}) => {
  await signInWith(page, 'hub', BEA)
  const before = setting.tokens.requests.length
  await page.goto(`/r/hub/${SECRET.repository}`)
  await expect(page.getByText(/hub refused (?:access|your account)/).first()).toBeVisible()
  await page.goto('/search?q=repo:**')
  await expect(page.getByText('hub isn’t included here')).toBeVisible()
  await page.goto(`/r/hub/${OWN}?view=history`)
  await expect(page.getByText('Not shown to accounts of this registry')).toBeVisible()
  await page.goto(`/r/hub/${OWN}:2.0.0`)
  await expect(page.getByText(setting.own.digest.slice(7, 19)).first()).toBeVisible()
  expect(accountsSince(setting.tokens, before)).toEqual(['bea'])
})

/** Every page, and what of it somebody opens who looks for the secret. A missing page fails the test. */
const PAGES: Readonly<Record<string, (digest: string, blob: string) => readonly string[]>> = {
  '': () => ['/', '/?names=canary', '/?names=/./'],
  '[...unknown]': () => ['/nothing/here'],
  activity: () => ['/activity', '/activity?q=canary'],
  audit: () => [],
  auditor: () => ['/auditor'],
  'd/[registry]/[...path]': (_, blob) => [`/d/hub/${SECRET.repository}@${blob}`],
  diff: (digest) => ['/diff', `/diff?a=hub/${SECRET.repository}@${digest}&b=hub/${OWN}:2.0.0`],
  jobs: () => ['/jobs'],
  labels: () => [
    '/labels',
    '/labels?view=keys',
    `/labels?key=${SECRET.key}`,
    `/labels?key=${SECRET.key}&within=hub/${SECRET.repository}`,
    '/labels?rows=all',
  ],
  'plan/[id]': () => [`/plan/${'A'.repeat(16)}`],
  policy: () => ['/policy', '/policy?repository=hub/team-a'],
  'r/[registry]/[[...path]]': (digest) => [
    '/r/hub',
    '/r/hub?names=canary',
    '/r/hub?order=findings',
    '/r/hub?order=bytes',
    '/r/hub/team-a',
    ...['tags', 'images', 'history', 'labels', 'storage', 'referrers', 'policy'].map(
      (view) => `/r/hub/${SECRET.repository}?view=${view}`,
    ),
    `/r/hub/${SECRET.repository}?asOf=2026-11-01`,
    `/r/hub/${SECRET.repository}?q=label:team=x`,
    `/r/hub/${SECRET.repository}@${digest}`,
    ...['labels', 'layers', 'raw', 'history', 'lineage', 'referrers', 'policy'].map(
      (tab) => `/r/hub/${SECRET.repository}@${digest}?tab=${tab}`,
    ),
    ...['history', 'labels', 'storage', 'policy', 'images'].map((view) => `/r/hub/${OWN}?view=${view}`),
  ],
  search: (digest) => ['/search', '/search?q=canary', `/search?q=digest:${digest}`, '/search?q=repo:**'],
  'settings/access': () => ['/settings/access', `/settings/access?registry=hub&repository=${SECRET.repository}`],
  'settings/notifications': () => ['/settings/notifications'],
  'settings/protection': () => ['/settings/protection'],
  'settings/retention': () => ['/settings/retention'],
  'settings/retention/[id]': () => ['/settings/retention/00000000-0000-4000-8000-000000000000'],
  'settings/sessions': () => ['/settings/sessions', '/settings/sessions?who=everyone'],
  'settings/tokens': () => ['/settings/tokens'],
  storage: () => ['/storage', '/storage?registry=hub', '/storage?registry=hub&path=team-a'],
  trash: () => ['/trash'],
}

const APIS = (digest: string, blob: string): readonly string[] => [
  ...Object.entries(ROUTES).flatMap(([, address]) =>
    address === 'elsewhere'
      ? []
      : [
          address('hub', { repository: SECRET.repository, tag: SECRET.tag, digest, blob }),
          address('hub', { repository: SECRET.repository, tag: '1.0.0', digest, blob }),
        ],
  ),
  ...['search', 'labels', 'policy', 'activity'].flatMap((what) =>
    ['csv', 'json', 'ndjson'].map((format) => `/api/export/${what}?format=${format}`),
  ),
  `/api/changes/hub/${SECRET.repository}`,
  `/api/resolution/hub/${SECRET.repository}`,
  `/api/sbom/hub/${SECRET.repository}@${digest}`,
  `/api/signature/hub/${SECRET.repository}@${digest}?name=x`,
  `/api/plan/${'A'.repeat(16)}?format=csv`,
  `/api/jobs/${'A'.repeat(22)}/events`,
  '/api/events/hub',
  '/api/nothing/here',
  '/metrics',
]

/** What the text names that its request didn't. */
function leaked(text: string, asked: string, digest: string): string[] {
  const hidden = [SECRET.repository, 'canary-name', SECRET.tag, SECRET.label, SECRET.key, digest.slice(7, 19)]
  return hidden.filter((name) => !asked.includes(name) && text.includes(name))
}

test('no page and no route shows an account what only Lading or another account may see', async ({
  page,
  lading,
  setting: { secret, tokens },
}) => {
  test.setTimeout(240_000)
  const app = join(import.meta.dirname, '..', 'app')
  const pages = globSync('**/page.tsx', { cwd: join(app, '(shell)') }).map((path) => dirname(path).replace(/^\.$/, ''))
  expect(pages.filter((name) => !(name in PAGES))).toEqual([])
  const routes = globSync('**/route.ts', { cwd: app }).map((path) => dirname(path))
  expect(routes.filter((route) => !(route in ROUTES))).toEqual([])

  // Ann may see it, so that the names below are the right ones. What ann has read must not help bea.
  const ann = await signInWith(page, 'hub', ANN)
  for (const path of [`/r/hub/${SECRET.repository}`, `/r/hub/${SECRET.repository}:${SECRET.tag}?tab=labels`])
    expect(await textOf(lading, path, { cookie: ann })).toContain(
      path.includes('tab') ? SECRET.label : secret.digest.slice(7, 19),
    )
  const cookie = await signInWith(page, 'hub', BEA)
  const before = tokens.requests.length
  // The log shows her what she has asked for herself: it is read first.
  const paths = [
    '/api/audit?format=ndjson',
    '/audit',
    ...Object.values(PAGES).flatMap((of) => of(secret.digest, secret.config.digest)),
    ...APIS(secret.digest, secret.config.digest),
  ]
  for (const path of paths)
    for (const headers of [{}, { RSC: '1' }] as Record<string, string>[]) {
      const text = await textOf(lading, path, { ...headers, cookie })
      expect(leaked(text, decodeURIComponent(path), secret.digest), `${path} ${JSON.stringify(headers)}`).toEqual([])
    }
  // None of it came from a question that Lading's own credentials asked for bea.
  expect(accountsSince(tokens, before)).toEqual(['bea'])
})

async function textOf({ url }: Lading, path: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url + path, { headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) })
  return `${await response.text()} ${JSON.stringify([...response.headers])}`
}

test('no server action shows it either, and none writes for an account without the right', async ({
  page,
  lading,
  setting: { secret, hub, back, tokens },
}) => {
  const cookie = await signInWith(page, 'hub', BEA)
  const { url } = lading
  const place = { registry: 'hub', repository: SECRET.repository, tag: SECRET.tag, digest: secret.digest }
  const inputs = {
    ...actionInputs(place),
    'repositories.ts listTreeLevel': { registry: 'hub', prefix: 'team-a' },
    'searches.ts suggestTerms': { text: 'repo:can', cursor: 8 },
  } as Readonly<Record<string, unknown>>
  const ids = await serverActions()
  expect([...ids.keys()].filter((name) => !(name in inputs))).toEqual([])
  const before = tokens.requests.length
  const writes = () => hub.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD').length
  for (const [name, id] of ids) {
    if (name.startsWith('session.ts')) continue
    const args = inputs[name] === undefined ? [] : [inputs[name]]
    const { body } = await callAction({ url, id, args, cookie, origin: url })
    expect(leaked(body, JSON.stringify(args), secret.digest), `${name}: ${body.slice(0, 500)}`).toEqual([])
  }
  for (const text of ['label:can', 'tag:can', 'has:'])
    expect(
      leaked(
        (
          await callAction({
            url,
            id: ids.get('searches.ts suggestTerms') ?? '',
            args: [{ text, cursor: text.length }],
            cookie,
            origin: url,
          })
        ).body,
        text,
        secret.digest,
      ),
    ).toEqual([])
  expect(accountsSince(tokens, before)).toEqual(['bea'])
  // Whatever was tried, the registry has refused it.
  expect(writes()).toBeGreaterThanOrEqual(0)
  for (const tag of [SECRET.tag, '1.0.0'])
    expect(await digestOfTag(back.url, SECRET.repository, tag)).toBe(secret.digest)
})

/** Pages that add up what the catalog knows. */
const SUMS = [
  '/',
  '/search',
  '/labels',
  '/policy',
  '/storage',
  '/activity',
  '/trash',
  '/jobs',
  '/r/hub',
  `/r/hub/${OWN}`,
]

/** The words that a page shows, without the time of day, and in no order: parts of it arrive when they are ready. */
function shownText(html: string): string {
  const [body = ''] = html.split('</html>')
  return body
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\b(?:just now|now|\d+ (?:second|minute)s? ago|\d+[sm] ago)\b/g, 'lately')
    .split(/\s+/)
    .sort()
    .join(' ')
}

test('no count on a page changes when others push what an account may not see', async ({
  page,
  lading,
  setting,
  browser,
}) => {
  const cookie = await signInWith(page, 'hub', BEA)
  const read = async () => {
    const texts: Record<string, string> = {}
    for (const path of SUMS) texts[path] = shownText(await textOf(lading, path, { cookie }))
    return texts
  }
  // What she has opened herself is listed from then on.
  await read()
  const before = await read()
  for (const name of ['one', 'two', 'three'])
    await pushImage(setting.back.url, `team-a/canary-${name}`, ['1', '2'], { labels: { [name]: 'x' } })
  const admin = await browser.newPage()
  await signIn(admin, 'ada' as never, '/', lading.url)
  await syncHub(lading, await cookieOf(admin), 'team-a/canary-three')
  await admin.close()
  expect(await read()).toEqual(before)
})

test('changes are made with the person’s own account, protected, audited under its name, and undone', async ({
  page,
  lading,
  setting: { back, tokens },
}) => {
  const { url } = lading
  const ids = await serverActions()
  const call = async (name: string, cookie: string, input: unknown) =>
    (await callAction({ url, id: ids.get(name) ?? '', args: [input], cookie, origin: url })).body
  const repository = 'team-a/changing'
  const image = await pushImage(back.url, repository, ['1.0.0', 'kept'])
  await page.context().clearCookies()
  await signIn(page, 'ada' as never)
  const ada = await cookieOf(page)
  await call('protection.ts addProtection', ada, { name: 'Kept tags', query: `repo:${repository} tag:kept` })

  const ann = await signInWith(page, 'hub', ANN)
  const before = tokens.requests.length
  const place = { registry: 'hub', repository }
  await call('tags.ts retagTag', ann, { ...place, from: image.digest, to: 'stable', expect: null })
  expect(await digestOfTag(back.url, repository, 'stable')).toBe(image.digest)
  const deletion = {
    ...place,
    tag: '1.0.0',
    expect: image.digest,
    siblings: ['kept', 'stable'],
    strategy: 'allow-replace',
  }
  const deleted = await call('tags.ts deleteTag', ann, deletion)
  const [, undo] = /"undo":"([^"]+)"/.exec(deleted) ?? []
  expect(undo, deleted).toBeDefined()
  expect(await digestOfTag(back.url, repository, '1.0.0')).toBeUndefined()
  // Another account may not undo it, and the registry is not asked.
  const bea = await signInWith(page, 'hub', BEA)
  expect(await call('tags.ts undoChange', bea, { ...place, change: undo })).toContain('"ok":false')
  expect(await digestOfTag(back.url, repository, '1.0.0')).toBeUndefined()
  expect(await call('tags.ts undoChange', ann, { ...place, change: undo })).toContain('"ok":true')
  expect(await digestOfTag(back.url, repository, '1.0.0')).toBe(image.digest)

  const other = { ...place, tag: 'kept', expect: image.digest, siblings: [], strategy: 'allow-replace' }
  expect(await call('tags.ts deleteTag', ann, other)).toContain('Kept tags')
  expect(await digestOfTag(back.url, repository, 'kept')).toBe(image.digest)
  expect(accountsSince(tokens, before).filter((name) => !name.startsWith('lading-'))).toEqual(['ann', 'bea'])

  const log = await (await fetch(`${url}/api/audit?format=ndjson`, { headers: { cookie: ada } })).text()
  const rows = log.split('\n').filter((line) => line.includes('ann@registry:hub'))
  for (const action of ['sign-in', 'move-tag', 'delete-tag', 'restore'])
    expect(
      rows.some((line) => line.includes(`"${action}"`)),
      action,
    ).toBe(true)
  // An account reads its own rows only.
  const own = await (await fetch(`${url}/api/audit?format=ndjson`, { headers: { cookie: bea } })).text()
  expect(own).not.toContain('ann@registry:hub')
})

test('with htpasswd, each account’s requests carry its own password and no other', async ({
  page,
  lading,
  setting,
}) => {
  const [ann, bea] = [await signInWith(page, 'plain', ANN), await signInWith(page, 'plain', BEA)]
  const before = setting.plain.requests.length
  for (const cookie of [ann, bea])
    for (const path of ['/', '/r/plain', `/r/plain/${OWN}`, `/r/plain/${OWN}:2.0.0`, '/search', '/jobs'])
      await textOf(lading, path, { cookie })
  expect(loginsSince(setting.plain, before).sort()).toEqual([`ann:${ANN.password}`, `bea:${BEA.password}`])
  // An account of one registry is nobody in another.
  expect((await fetch(`${lading.url}/r/hub/${OWN}`, { headers: { cookie: bea } })).status).toBe(404)
})

test('signing out ends the session wherever its cookie was copied to', async ({ page, lading }) => {
  const cookie = await signInWith(page, 'hub', BEA)
  await page.getByRole('button', { name: 'bea@registry:hub' }).click()
  await page
    .getByRole('menuitem', { name: 'Sign out' })
    .or(page.getByRole('button', { name: 'Sign out' }))
    .click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  const answer = await fetch(`${lading.url}/r/hub/${OWN}`, { headers: { cookie }, redirect: 'manual' })
  expect(await answer.text()).not.toContain('2.0.0')
})

test('a job whose account is gone after a restart says to sign in again, and nothing that was stored has its password', async ({
  page,
  running,
  setting,
}) => {
  const ids = await serverActions()
  const cookie = await signInWith(page, 'hub', ANN)
  const copy = {
    source: { registry: 'hub', repository: SECRET.repository, digest: setting.secret.digest, selector: SECRET.tag },
    destination: { registry: 'hub', repository: 'team-a/copied', tag: 'late', expect: null },
    platforms: null,
    referrers: false,
  }
  setting.hub.on({ path: /team-a\/copied/, fault: { kind: 'slow-headers', ms: 10_000 } })
  const { url } = running.lading
  const started = await callAction({ url, id: ids.get('jobs.ts copyImage') ?? '', args: [copy], cookie, origin: url })
  expect(started.body).toContain('"ok":true')
  await expect
    .poll(() => setting.hub.requests.filter(({ path }) => path.includes('team-a/copied')).length)
    .toBeGreaterThan(0)
  const output = running.lading.output()
  await running.lading.stop()
  setting.hub.clear()
  const before = setting.tokens.requests.length
  running.lading = await startLading({ ...setting.env, PORT: String(running.lading.port) }, '/sign-in')
  const admin = await page.context().browser()?.newPage()
  if (!admin) throw new Error('There is no browser')
  await signIn(admin, 'ada' as never, '/', running.lading.url)
  const ada = await cookieOf(admin)
  await admin.close()
  const jobs = async () => (await fetch(`${running.lading.url}/jobs`, { headers: { cookie: ada } })).text()
  await expect.poll(jobs, { timeout: 30_000 }).toContain('Sign in again and resume')
  expect(accountsSince(setting.tokens, before)).not.toContain('ann')
  expect(await digestOfTag(setting.back.url, 'team-a/copied', 'late')).toBeUndefined()

  for (const { username, password } of [ANN, BEA])
    for (const form of [
      password,
      encodeURIComponent(password),
      Buffer.from(password).toString('base64').slice(0, -2),
    ]) {
      expect(output.includes(form) || running.lading.output().includes(form), `${username} in the log`).toBe(false)
      for (const entry of await readdir(setting.env.DATA_DIR ?? '', { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        expect((await readFile(path)).includes(form), `${username} in ${path}`).toBe(false)
      }
    }
})
