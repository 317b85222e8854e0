import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { type DockerRegistry, startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../lib/testing/servers/fault-proxy.ts'
import { type PushedImage, pushImage } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'

const GOOD = { username: 'robot', password: 'canary+good/password' }
const WRONG = { username: 'robot', password: 'canary+wrong/password' }
/** Of somebody who signs in with their own account of the registry. */
const OWN = { username: 'anna', password: 'canary+own/password' }
const AUTH_SECRET = 'canary-auth-secret-of-forty-characters-00'

/** A secret as it may turn up: as it is, in an address, and in a header. */
const formsOf = ({ username, password }: typeof GOOD) => [
  password,
  encodeURIComponent(password),
  JSON.stringify(password).slice(1, -1).replaceAll('/', '\\/'),
  Buffer.from(password).toString('base64').replace(/.=*$/, ''),
  Buffer.from(`${username}:${password}`).toString('base64'),
]
const SECRETS = [...formsOf(GOOD), ...formsOf(WRONG), ...formsOf(OWN), AUTH_SECRET]

interface Setting {
  readonly registry: DockerRegistry
  readonly proxy: FaultProxy
  readonly lading: Lading
  readonly image: PushedImage
}

const test = base.extend<object, { setting: Setting }>({
  setting: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      await using registry = await startDockerRegistry({ htpasswd: [GOOD, OWN] })
      await using proxy = await startFaultProxy(registry.url)
      const authorization = `Basic ${Buffer.from(`${GOOD.username}:${GOOD.password}`).toString('base64')}`
      const image = await pushImage({ url: registry.url, headers: { authorization } }, 'team/app', ['1.0'])
      const folder = await mkdtemp(join(tmpdir(), 'lading-secrets-'))
      const file = join(folder, 'lading.yaml')
      const entry = (name: string, password: string) =>
        `  - { name: ${name}, url: '${proxy.url}', username: robot, password: '${password}', repositories: [team/app], signIn: true }\n`
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Lading puts the variables in
      await writeFile(file, `registries:\n${entry('local', '${GOOD}')}${entry('refusing', '${WRONG}')}`)
      await using lading = await startLading({
        LADING_CONFIG: file,
        GOOD: GOOD.password,
        WRONG: WRONG.password,
        AUTH_SECRET,
        ANONYMOUS_ROLE: 'admin',
      })
      await use({ registry, proxy, lading, image })
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

function expectNoSecret(text: string, where: string): void {
  for (const secret of SECRETS) expect(text.includes(secret), `${secret} in ${where}`).toBe(false)
}

test('no page, payload, response or error contains a registry’s password', async ({
  setting: { lading, proxy, image },
}) => {
  const paths = ['/', '/sign-in', '/jobs', '/nothing/here'].concat(
    ['local', 'refusing'].flatMap((registry) => [
      `/r/${registry}`,
      `/r/${registry}/team/app`,
      `/r/${registry}/team/app:1.0`,
      `/r/${registry}/team/app@${image.digest}?tab=labels`,
      `/api/blob/${registry}/team/app@${image.config.digest}`,
      `/diff?a=${registry}/team/app:1.0&b=local/team/app:1.0`,
    ]),
  )
  for (const path of paths)
    for (const headers of [{}, { RSC: '1' }] as Record<string, string>[]) {
      const response = await fetch(lading.url + path, { headers })
      const text = `${await response.text()} ${JSON.stringify([...response.headers])}`
      expectNoSecret(text, `${path} ${JSON.stringify(headers)}`)
    }
  // The passwords were in use all the while.
  const sent = proxy.requests.map(({ headers }) => headers.authorization ?? '')
  for (const each of [GOOD, WRONG]) expect(sent).toContain(`Basic ${formsOf(each).at(-1)}`)
  expect(await (await fetch(`${lading.url}/r/local/team/app`)).text()).toContain('1.0')
})

test('no server action returns one, even for a registry that rejects it', async ({ setting: { lading, image } }) => {
  const inputs: Readonly<Record<string, (registry: string) => unknown>> = {
    'repositories.ts listRepositoryNames': () => undefined,
    'repositories.ts listTreeLevel': (registry) => ({ registry, prefix: '' }),
    'repositories.ts findTags': (registry) => ({ registry, repository: 'team/app', term: '' }),
    'tags.ts lookUpTag': (registry) => ({ registry, repository: 'team/app', tag: '1.0' }),
    'tags.ts previewDeletion': (registry) => ({ registry, repository: 'team/app', target: image.digest }),
    'jobs.ts listCopyTargets': () => undefined,
    'jobs.ts checkCompleteness': (registry) => ({ registry, repository: 'team/app', digest: image.digest }),
  }
  const ids = await serverActions()
  for (const [name, inputOf] of Object.entries(inputs))
    for (const registry of ['local', 'refusing']) {
      const input = inputOf(registry)
      const id = ids.get(name)
      if (!id) throw new Error(`the build has no ${name}`)
      const args = input === undefined ? [] : [input]
      const { body } = await callAction({ url: lading.url, id, args, origin: lading.url })
      expect(body, name).not.toBe('')
      expectNoSecret(body, `${name} ${registry}`)
    }
})

test('no page, response or job contains the password that somebody signed in with', async ({
  page,
  setting: { lading, proxy, image },
}) => {
  await page.goto(`${lading.url}/sign-in?account=local`)
  await page.getByLabel('User name').fill(OWN.username)
  await page.getByLabel('Password or token').fill(OWN.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: 'anna@registry:local' })).toBeVisible()
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  expectNoSecret(cookie, 'the cookies')
  const id = (await serverActions()).get('jobs.ts copyImage') ?? ''
  const copy = (repository: string) => ({
    source: { registry: 'local', repository: 'team/app', digest: image.digest, selector: '1.0' },
    destination: { registry: 'local', repository, tag: 'copied', expect: null },
    platforms: null,
    referrers: false,
  })
  // One that works, and one that the registry refuses.
  proxy.on({ path: /team\/refused/, fault: { kind: 'answer', status: 403 } })
  for (const repository of ['team/copied', 'team/refused']) {
    const { body } = await callAction({ url: lading.url, id, args: [copy(repository)], cookie, origin: lading.url })
    expect(body).toContain('"ok":true')
    expectNoSecret(body, 'copyImage')
  }
  await page.goto(`${lading.url}/jobs`)
  await expect(page.getByText('team/refused').first()).toBeVisible()
  const paths = ['/', '/jobs', '/audit', '/settings/sessions', '/settings/access', '/r/local', '/r/local/team/app']
  for (const path of [
    ...paths,
    '/r/local/team/app:1.0',
    '/r/local/team/none',
    '/api/auth/session',
    '/api/audit?format=ndjson',
  ])
    for (const headers of [{ cookie }, { cookie, RSC: '1' }] as Record<string, string>[]) {
      const response = await fetch(lading.url + path, { headers })
      expectNoSecret(`${await response.text()} ${JSON.stringify([...response.headers])}`, path)
    }
  const sent = proxy.requests.map(({ headers }) => headers.authorization ?? '')
  expect(sent).toContain(`Basic ${formsOf(OWN).at(-1)}`)
  proxy.clear()
})

test('no script, log or data file contains one', async ({ setting: { lading } }) => {
  expect(lading.output()).not.toBe('')
  expectNoSecret(lading.output(), 'the output')
  for (const folder of [join(import.meta.dirname, '..', '.next', 'static'), lading.dataDir]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name)
      expectNoSecret((await readFile(path)).toString('latin1'), path)
    }
  }
})
