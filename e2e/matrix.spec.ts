import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { pushImage } from '../lib/testing/servers/images.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import type { Person } from './people.ts'
import { type Place, ROUTES } from './routes.ts'
import { newToken, SECRET, sessionOf, test, writes } from './scoped.ts'

/** Everyone who may ask. The token is one of ada's, for reading. */
const EVERYONE = ['nobody', 'vera', 'audrey', 'otto', 'olga', 'omar', 'ada', 'token'] as const
type Who = (typeof EVERYONE)[number]

const TEAM = 'team/matrix'
const ABSENT = `sha256:${'0'.repeat(64)}`
/** Who may read the repository of the team, and the secret one. */
const READERS: Readonly<Record<string, readonly Who[]>> = {
  [TEAM]: ['vera', 'audrey', 'otto', 'olga', 'ada', 'token'],
  [SECRET.repository]: ['audrey', 'ada', 'token'],
}

// Several people sign in within one test, which takes a busy machine its time.
async function headersOf(page: Page): Promise<ReadonlyMap<Who, Readonly<Record<string, string>>>> {
  const all = new Map<Who, Readonly<Record<string, string>>>([['nobody', {}]])
  for (const who of EVERYONE)
    if (who !== 'nobody' && who !== 'token') all.set(who, { cookie: await sessionOf(page, who as Person) })
  return all.set('token', { authorization: `Bearer ${await newToken(page)}` })
}

test('every route answers each person as the table of rights says, and writes nothing', async ({
  page,
  lading,
  stocked: { registry },
  scoped: { proxy, secret },
}) => {
  const app = join(import.meta.dirname, '..', 'app')
  // A missing route fails the test: add each new one with the people who may read it.
  const routes = globSync('**/route.ts', { cwd: app }).map((path) => dirname(path))
  expect(routes.filter((route) => !(route in ROUTES))).toEqual([])

  const image = await pushImage(registry.url, TEAM, ['1.0.0'])
  const people = await headersOf(page)
  const before = writes(proxy).length
  const places: readonly Place[] = [
    { repository: TEAM, tag: '1.0.0', digest: image.digest, blob: image.config.digest },
    { repository: SECRET.repository, tag: SECRET.tag, digest: secret.digest, blob: secret.config.digest },
  ]
  for (const [route, address] of Object.entries(ROUTES)) {
    if (address === 'elsewhere') continue
    for (const place of places)
      for (const [who, headers] of people) {
        const response = await fetch(lading.url + address('local', place), { headers })
        await response.arrayBuffer()
        const mayRead = READERS[place.repository]?.includes(who)
        expect(response.status, `${who} ${route} ${place.repository}`).toBe(mayRead ? 200 : 404)
      }
  }
  // What changes something is for a page of this site, or for a token that may.
  for (const [who, headers] of people)
    for (const path of [
      `/api/load/local?repository=${SECRET.repository}`,
      `/api/load/local?repository=${TEAM}`,
      `/api/added-labels/local/${SECRET.repository}@${secret.digest}`,
    ])
      for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
        const response = await fetch(lading.url + path, { method, headers, body: '{"key":"a","value":"b"}' })
        expect(response.status, `${who} ${method} ${path}`).toBeGreaterThanOrEqual(400)
      }
  for (const [who, headers] of people) {
    const { status } = await fetch(`${lading.url}/api/audit?format=ndjson`, { headers })
    // This token was made for reading repositories.
    expect(status, `${who} reads the audit log`).toBe({ nobody: 401, token: 403 }[who as string] ?? 200)
  }
  expect(writes(proxy).slice(before)).toEqual([])
})

interface Change {
  readonly action: string
  readonly input: (place: { readonly registry: string; readonly repository: string }) => unknown
  /** In the team's repository; in the secret one only ada. */
  readonly allowed: readonly Who[]
}

/** Inputs that nothing comes of: tags that have moved, images that aren't there. */
const CHANGES: readonly Change[] = [
  {
    action: 'tags.ts retagTag',
    input: (place) => ({ ...place, from: ABSENT, to: 'matrix', expect: null }),
    allowed: ['otto', 'olga', 'ada'],
  },
  {
    action: 'tags.ts retagTag',
    input: (place) => ({ ...place, from: ABSENT, to: '1.0.0', expect: ABSENT }),
    allowed: ['olga', 'ada'],
  },
  {
    action: 'tags.ts deleteTag',
    input: (place) => ({ ...place, tag: '1.0.0', expect: ABSENT, siblings: [], strategy: 'allow-replace' }),
    allowed: ['olga', 'ada'],
  },
  {
    action: 'tags.ts deleteImage',
    input: (place) => ({ ...place, digest: ABSENT, expectTags: [], force: false, layers: false }),
    allowed: ['olga', 'ada'],
  },
  {
    action: 'tags.ts previewDeletion',
    input: (place) => ({ ...place, target: 'no-such-tag' }),
    allowed: ['olga', 'ada'],
  },
  {
    action: 'protection.ts addProtection',
    input: ({ repository }) => ({ name: `Matrix ${repository}`, query: 'tag:no-such-tag' }),
    allowed: ['ada'],
  },
]

test('every change is refused to everyone without the right, and allowed to everyone with it', async ({
  page,
  lading,
  stocked: { registry },
  scoped: { proxy },
}) => {
  await pushImage(registry.url, TEAM, ['1.0.0'])
  const people = await headersOf(page)
  const ids = await serverActions()
  for (const { action, input, allowed } of CHANGES)
    for (const repository of [TEAM, SECRET.repository])
      for (const [who, headers] of people) {
        const id = ids.get(action) ?? ''
        const args = [input({ registry: 'local', repository })]
        const before = writes(proxy).length
        const { body } = await callAction({ url: lading.url, id, args, origin: lading.url, headers })
        const mayChange = repository === TEAM ? allowed.includes(who) : who === 'ada'
        expect(/"access\.(?:denied|sign-in)"/.test(body), `${who} ${action} ${repository}: ${body.slice(-300)}`).toBe(
          !mayChange,
        )
        // Those who may find out whether the registry can delete at all, by deleting what isn't there.
        if (!mayChange) expect(writes(proxy).slice(before), `${who} ${action} ${repository}`).toEqual([])
      }
})

test('a change sent twice with one key happens once, and is answered twice', async ({ page, lading }) => {
  const cookie = await sessionOf(page, 'ada')
  const id = (await serverActions()).get('tokens.ts makeToken') ?? ''
  const send = (days: number, $key: string) =>
    callAction({
      url: lading.url,
      id,
      args: [{ $key, $input: { name: 'sent twice', scopes: ['read'], days } }],
      origin: lading.url,
      headers: { cookie },
    })
  const answers = await Promise.all([send(7, 'a'.repeat(32)), send(7, 'a'.repeat(32))])
  const tokens = answers.map(({ body }) => /lading_pat_[\w-]+/.exec(body)?.[0])
  expect(tokens[0]).toBeDefined()
  expect(tokens[1]).toBe(tokens[0])
  expect((await send(30, 'a'.repeat(32))).body).toContain('Something else was already sent with the same key')
  await send(7, 'b'.repeat(32))
  await page.goto('/settings/tokens')
  await expect(page.getByRole('list', { name: 'Your tokens' }).getByText('sent twice')).toHaveCount(2)
  await page.goto('/audit?q=action:create-token')
  await expect(page.getByRole('row').filter({ hasText: 'sent twice' })).toHaveCount(2)
})
