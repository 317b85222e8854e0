import pg from 'pg'
import { type Cluster, startCluster } from '../lib/testing/servers/cluster.ts'
import { freePort } from '../lib/testing/servers/free-port.ts'
import { startIdentityProvider } from '../lib/testing/servers/identity-provider.ts'
import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { test as base, expect } from './fixtures.ts'
import { auditChain, exportLog, verifyEditedLog } from './journeys/audit.ts'
import { settingsFor, signInForGroup } from './journeys/oidc.ts'
import {
  confirmOldTags,
  deleteOldTagsAndUndo,
  fillWithOldTags,
  findNothingOfOthers,
  listTags,
  planOldTags,
} from './journeys/old-tags.ts'
import { runBySchedule } from './journeys/retention.ts'
import { restoreFromTrash } from './journeys/trash.ts'
import { PEOPLE, signIn } from './people.ts'

const SECRET = 'a secret of the registry'

// Three replicas on one PostgreSQL database, behind a balancer that sends each request to the next.
const test = base.extend<object, { readonly cluster: Cluster }>({
  cluster: [
    async ({ stocked }, use) => {
      const port = await freePort()
      await using provider = await startIdentityProvider(`http://127.0.0.1:${port}/api/auth/callback/oidc`, {
        mia: ['builders'],
      })
      const env = { REGISTRY_URL: stocked.registry.url, REGISTRY_NAME: 'local', EVENTS_SECRET: SECRET }
      await using cluster = await startCluster({ ...PEOPLE, ...settingsFor(provider), ...env }, { port })
      await use(cluster)
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ cluster }, use) => use(cluster.url),
})
test.describe.configure({ mode: 'default' })

test('signing in through the provider grants a group’s rights, whichever replica answers', ({ page }) =>
  signInForGroup(page))

test('an operator deletes 400 old tags in four clicks, and restores them in one', async ({ page, stocked }) => {
  test.setTimeout(600_000)
  await deleteOldTagsAndUndo(page, stocked.registry.url)
})

test('an operator can’t see another team’s plan, nor select its tags', ({ page, stocked }) =>
  findNothingOfOthers(page, stocked.registry.url))

test('policies run once when their schedule says, and one stops at its limit and deletes nothing', async ({
  page,
  stocked,
}) => {
  test.setTimeout(600_000)
  await runBySchedule(page, stocked.registry.url)
  await expect(page.getByRole('region', { name: 'Last runs' }).getByRole('listitem')).toHaveCount(1)
})

test('a deleted image is restored from the trash, under its tag and digest', ({ page, stocked }) =>
  restoreFromTrash(page, stocked.registry.url))

test('what one replica learns, a page of another shows within seconds, and every replica knows', async ({
  page,
  cluster,
  stocked,
}) => {
  await pushImage(stocked.registry.url, 'team-a/live', ['1.0', '1.1'])
  await signIn(page, 'omar', '/r/local/team-a/live')
  await expect(page.getByRole('row', { name: /1\.1/ })).toBeVisible()
  await pushImage(stocked.registry.url, 'team-a/live', ['1.2'], { labels: { version: '1.2' } })
  const [first] = cluster.replicas
  const event = { events: [{ action: 'push', target: { repository: 'team-a/live', tag: '1.2' } }] }
  const taken = await page.request.post(`${first?.url}/api/events/local`, {
    headers: { authorization: SECRET },
    data: event,
  })
  expect(taken.status()).toBe(202)
  await expect(page.getByRole('row', { name: /1\.2/ })).toBeVisible()
  for (const { url } of cluster.replicas)
    await expect
      .poll(async () => (await page.request.get(`${url}/r/local/team-a/live`)).text())
      .toContain('team-a/live:1.2')
})

test('signing out at one replica makes the cookie useless at every other', async ({ page, cluster }) => {
  await signIn(page, 'vera')
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const names = () =>
    Promise.all(
      cluster.replicas.map(async ({ url }) => {
        const session = await (await fetch(`${url}/api/auth/session`, { headers: { cookie } })).json()
        return session.user?.name
      }),
    )
  expect(await names()).toEqual(['vera', 'vera', 'vera'])
  await page.getByRole('button', { name: /^vera: / }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await expect.poll(names, { timeout: 5_000 }).toEqual([undefined, undefined, undefined])
})

test('a replica that is killed in the middle of a plan loses no item and no request that comes after', async ({
  page,
  cluster,
  stocked,
}) => {
  test.setTimeout(600_000)
  const { url } = stocked.registry
  const before = await fillWithOldTags(url, 'team-a/killed')
  await signIn(page, 'omar', '/r/local/team-a/killed?q=pr-')
  await planOldTags(page)
  const [, id] = /plan\/([^?]+)/.exec(page.url()) ?? []
  await confirmOldTags(page)
  const client = new pg.Client({ connectionString: cluster.databaseUrl })
  await client.connect()
  try {
    const started = async () => {
      const { rows } = await client.query(
        'select count(*)::int as n from plan_item where plan_id = $1 and outcome is not null',
        [id],
      )
      return rows[0].n
    }
    await expect.poll(started, { intervals: [20], timeout: 30_000 }).toBeGreaterThan(5)
    const { rows } = await client.query('select holder from lease where name = $1', [`plan ${id}`])
    const runner = cluster.replicas.find(({ pid }) => rows[0]?.holder.includes(`/${pid} `))
    expect(runner, 'the replica that runs the plan').toBeDefined()
    await runner?.stop('SIGKILL')
  } finally {
    await client.end()
  }
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async () => (await page.request.get('/r/local/team-a/killed')).status()),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deleted 400 of 400 tags from team-a/killed', {
    timeout: 120_000,
  })
  expect(await listTags(url, 'team-a/killed')).toEqual(['latest'])
  await page.getByRole('button', { name: 'Undo all 400 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Restored 400 tags in team-a/killed', {
    timeout: 60_000,
  })
  for (const tag of ['pr-0', 'pr-7', 'pr-199-rerun'])
    expect(await digestOfTag(url, 'team-a/killed', tag)).toBe(before.get(tag))
})

test('an auditor exports the log of all replicas; it verifies, and fails after a row is edited by hand', async ({
  page,
  cluster,
}) => {
  for (let times = 0; times < 3; times++) {
    await page.context().clearCookies()
    await signIn(page, 'vera')
  }
  await page.context().clearCookies()
  await signIn(page, 'audrey')
  const rows = await exportLog(page)
  expect(rows.filter(({ actor, action }) => actor === 'vera' && action === 'sign-in').length).toBeGreaterThan(2)
  await verifyEditedLog(page, auditChain(cluster.settings))
})
