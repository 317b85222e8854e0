import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Actor, UserActor } from '../../access/actor.ts'
import { dropAccountsOf } from '../../access/sessions/held-accounts.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, type PushedImage, pushImage } from '../../testing/servers/images.ts'
import { startTokenServer, type TokenServer } from '../../testing/servers/token-server.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { readTagState } from '../changes/tag-state.ts'
import type { CopyInput } from '../jobs/copy-job.ts'
import { followJob, startCopy, startSync } from '../jobs/jobs.ts'
import { readManifestPage } from '../manifest/read-manifest.ts'
import { makePlan } from '../plans/make-plan.ts'
import { findPlan } from '../plans/plan-store.ts'
import { readPlan } from '../plans/read-plan.ts'
import { resumePlan, startPlan } from '../plans/steer-plan.ts'
import { readImages } from '../tags/read-images.ts'
import { readReferrerTags } from '../tags/read-referrer-tags.ts'
import { readTagPage, searchTags } from '../tags/read-tags.ts'
import { signedInWith } from '../testing/hold-account.ts'
import { readTrash } from '../trash/read-trash.ts'
import { locateDigest } from './locate.ts'
import { openRepository } from './open.ts'
import { readNames, readTreeLevel, refresh } from './read-repositories.ts'

// One registry with a token server: Lading's robot may read everything, ann team-a, bea team-b.
const ROBOT = { username: 'robot', password: 'robot password', access: { '**': ['*'] }, catalog: true }
const ANN = { username: 'ann', password: 'ann own password', access: { 'team-a/**': ['pull', 'push', 'delete'] } }
const BEA = { username: 'bea', password: 'bea own password', access: { 'team-b/**': ['pull'] } }
const ada: Actor = { kind: 'user', username: 'ada', groups: [], role: 'admin', grants: [], readOnly: false }
const TABLE = { q: '', sort: 'version', dir: 'desc', page: 1, view: 'tags' } as Parameters<typeof readTagPage>[2]
const TEAM_A = { registry: 'hub', repository: parseRepositoryName('team-a/app') }
const TEAM_B = { registry: 'hub', repository: parseRepositoryName('team-b/app') }

let folder = ''
let tokens: TokenServer
/** The same storage without a password, to fill it. */
let back: DockerRegistry
let registry: DockerRegistry
let proxy: FaultProxy
let image: PushedImage
let ann: UserActor
let bea: UserActor

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-accounts-'))
  const storage = join(folder, 'storage')
  tokens = await startTokenServer({ accounts: [ROBOT, ANN, BEA] })
  back = await startDockerRegistry({ storage })
  registry = await startDockerRegistry({ storage, token: tokens.token })
  proxy = await startFaultProxy(registry.url)
  image = await pushImage(back.url, TEAM_A.repository, ['1.0.0', 'canary-tag'])
  await pushImage(back.url, TEAM_B.repository, ['2.0.0'])
  await writeFile(join(folder, 'robot'), ROBOT.password)
  await writeFile(
    join(folder, 'lading.yaml'),
    stringify({
      registries: [
        {
          name: 'hub',
          url: proxy.url,
          username: 'robot',
          passwordFile: 'robot',
          signIn: true,
          repositories: [TEAM_A.repository, TEAM_B.repository],
          tokenHosts: [new URL(tokens.url).host],
        },
      ],
    }),
  )
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  // What the shared catalog and cache know of both teams.
  for (const place of [TEAM_A, TEAM_B]) await readTagPage(ada, place, TABLE)
  await openRepository(ada, 'browse', TEAM_A).manifest(parseDigest(image.digest))
  await readNames(ada)
})
beforeEach(async () => {
  ann = await signedInWith('hub', ANN)
  bea = await signedInWith('hub', BEA)
})
afterAll(async () => {
  await Promise.all([proxy, registry, back, tokens].map((server) => server.stop()))
  await rm(folder, { recursive: true, force: true })
})

/** The accounts that tokens were asked for since. */
function accountsSince(before: number): string[] {
  const asked = tokens.requests.slice(before).map(({ path }) => new URL(path, 'http://x').searchParams.get('account'))
  return [...new Set(asked.map((name) => name ?? 'nobody'))]
}

const refused = expect.objectContaining({ kind: expect.stringMatching(/^(?:denied|unauthorized)$/) })

test('an account reads and changes what the registry lets it, and Lading’s own credentials are never used for it', async () => {
  const before = tokens.requests.length
  const page = await readTagPage(ann, TEAM_A, TABLE)
  expect(page.rows.map(({ tag }) => tag).sort()).toEqual(['1.0.0', 'canary-tag'])
  await readManifestPage(ann, TEAM_A, parseTag('1.0.0'), { platform: null, platforms: 1, index: null })
  await readImages(ann, TEAM_A, TABLE)
  expect((await readTagState(ann, TEAM_A, parseTag('1.0.0'))).exists).toBe(true)
  const pushed = await pushImage(back.url, 'team-a/app', ['to-delete'], { labels: { a: 'to delete' } })
  await removeTag(ann, {
    ...TEAM_A,
    tag: parseTag('to-delete'),
    expect: parseDigest(pushed.digest),
    siblings: [],
    strategy: 'allow-replace',
  })
  expect(await digestOfTag(back.url, 'team-a/app', 'to-delete').catch(() => undefined)).toBeUndefined()
  expect(accountsSince(before)).toEqual(['ann'])
})

test('an account whose password has changed since says so, and not that Lading’s own was refused', async () => {
  const outdated = await signedInWith('hub', { ...ANN, password: 'ann old password' })
  const error = await openRepository(outdated, 'browse', TEAM_A)
    .manifest(parseTag('1.0.0'))
    .catch((reason: unknown) => reason)
  expect(problemOf(error, outdated)).toMatchObject({
    code: 'registry.unauthorized',
    title: 'hub refused your account',
    detail: expect.stringContaining('its password has changed'),
  })
})

test('an actor has no secret in it', () => {
  expect(JSON.stringify(ann)).not.toContain(ANN.password)
  expect(ann).toMatchObject({ username: 'ann@registry:hub', account: { registry: 'hub' } })
})

test('what another account or Lading has read is not shown where the registry refuses', async () => {
  await readTagPage(ann, TEAM_A, TABLE)
  await openRepository(ann, 'browse', TEAM_A).manifest(parseDigest(image.digest))
  const before = tokens.requests.length
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    tags: () => readTagPage(bea, TEAM_A, TABLE),
    images: () => readImages(bea, TEAM_A, TABLE),
    'tag search': () => searchTags(bea, TEAM_A, 'canary'),
    'tag state': () => readTagState(bea, TEAM_A, parseTag('canary-tag')),
    'manifest by digest': () => openRepository(bea, 'browse', TEAM_A).manifest(parseDigest(image.digest)),
    'manifest by tag': () => openRepository(bea, 'browse', TEAM_A).manifest(parseTag('1.0.0')),
    config: () => openRepository(bea, 'browse', TEAM_A).blobBytes(parseDigest(image.config.digest)),
    page: () => readManifestPage(bea, TEAM_A, parseDigest(image.digest), { platform: null, platforms: 1, index: null }),
  }
  for (const [name, attempt] of Object.entries(attempts)) await expect(attempt(), name).rejects.toEqual(refused)
  expect((await readReferrerTags(bea, TEAM_A, 1)).items).toEqual([])
  expect(accountsSince(before)).toEqual(['bea'])
})

test('the names of repositories come from the registry’s answer to the account, and not from the catalog', async () => {
  expect((await readNames(ada)).registries).toMatchObject([{ names: [TEAM_A.repository, TEAM_B.repository] }])
  // The registry has no list for bea.
  expect((await readNames(bea)).registries).toMatchObject([{ registry: 'hub', names: [] }])
  await expect(readTreeLevel(bea, 'hub', 'team-a')).rejects.toEqual(expect.anything())
  expect(await locateDigest(bea, parseDigest(image.digest), [TEAM_A])).toEqual({ places: [], lacking: [], failed: [] })
})

test('what an account sees enters no catalog that others read', async () => {
  const place = { registry: 'hub', repository: parseRepositoryName('team-a/private') }
  await pushImage(back.url, place.repository, ['only-ann'], { labels: { for: 'ann' } })
  await readTagPage(ann, place, TABLE)
  await refresh(ann, 'hub', place.repository)
  expect(await theCatalog().catalog.tags(place)).toBeUndefined()
  expect((await theCatalog().catalog.repositories('hub'))?.value.sorted).not.toContain(place.repository)
  const second = await signedInWith('hub', ANN)
  const other = openRepository(second, 'browse', place).registry
  expect(other).not.toBe(openRepository(ann, 'browse', place).registry)
})

test('a change that the registry refuses changes nothing', async () => {
  const digest = parseDigest(await digestOfTag(back.url, 'team-b/app', '2.0.0'))
  const input = { ...TEAM_B, tag: parseTag('2.0.0'), expect: digest, siblings: [], strategy: 'allow-replace' } as const
  expect(await removeTag(bea, input)).toMatchObject({ outcome: 'unsupported' })
  expect(await digestOfTag(back.url, 'team-b/app', '2.0.0')).toBe(digest)
})

test('a session that has ended opens nothing any more', async () => {
  const opened = openRepository(ann, 'browse', TEAM_A)
  dropAccountsOf(ann.username)
  expect(() => openRepository(ann, 'browse', TEAM_A)).toThrow(expect.objectContaining({ code: 'account-gone' }))
  await expect(opened.resolve(parseTag('1.0.0'))).rejects.toEqual(expect.anything())
})

test('no sync is started for an account: it reads with Lading’s own credentials', async () => {
  for (const input of [{ registry: 'hub' }, TEAM_A])
    await expect(startSync(ann, { ...input, everything: false } as Parameters<typeof startSync>[1])).rejects.toEqual(
      expect.objectContaining({ code: 'records' }),
    )
})

test('a job runs with its owner’s account, and without it ends with the reason', async () => {
  const copy = (to: string): CopyInput => ({
    source: { ...TEAM_A, digest: parseDigest(image.digest), selector: parseTag('1.0.0') },
    destination: { ...TEAM_A, tag: parseTag(to), expect: null },
    platforms: null,
    referrers: false,
  })
  const ended = async (actor: Actor, id: string) => {
    let last: unknown
    for await (const job of (await followJob(actor, id))(new AbortController().signal)) last = job
    return last
  }
  const before = tokens.requests.length
  const done = await startCopy(ann, copy('copied'))
  expect(await ended(ann, done.id)).toMatchObject({ state: 'done', owner: 'ann@registry:hub' })
  expect(accountsSince(before)).toEqual(['ann'])

  proxy.on({ path: /team-a\/app\/manifests/, fault: { kind: 'slow-headers', ms: 1_500 } })
  const asked = proxy.count('GET', /manifests/)
  const late = await startCopy(ann, copy('late'))
  await expect.poll(() => proxy.count('GET', /manifests/)).toBeGreaterThan(asked)
  dropAccountsOf(ann.username)
  expect(await ended(ann, late.id)).toMatchObject({ state: 'failed', problem: { title: 'Sign in again and resume' } })
  proxy.clear()
  expect(await digestOfTag(back.url, 'team-a/app', 'late').catch(() => undefined)).toBeUndefined()
  expect(accountsSince(before)).toEqual(['ann'])
})

test('a plan whose user signs out while it runs pauses with the reason, and resumes once they sign in again', async () => {
  const repository = parseRepositoryName('team-a/planned')
  const tags = ['pr-1', 'pr-2', 'pr-3']
  for (const tag of tags) await pushImage(back.url, repository, [tag], { labels: { of: tag } })
  const id = await makePlan(ann, { registry: 'hub', repository, select: { tags: tags.map(parseTag) } })
  proxy.on({ method: 'DELETE', path: /team-a\/planned/, fault: { kind: 'slow-headers', ms: 1_500 } })
  await startPlan(ann, { id, revision: 0 })
  await expect.poll(() => proxy.count('DELETE', /team-a\/planned/), { timeout: 10_000 }).toBeGreaterThan(0)
  dropAccountsOf(ann.username)
  const state = async () => (await findPlan(id))?.state
  await expect.poll(state, { timeout: 10_000 }).toBe('paused')
  proxy.clear()
  const again = await signedInWith('hub', ANN)
  const { plan, counts } = await readPlan(again, { id, show: 'all', page: 1 })
  expect(plan.problem).toMatchObject({
    title: 'Paused because its user signed out',
    advice: expect.stringContaining('Sign in with that account again, then resume'),
  })
  expect(counts.failed.tags).toBe(0)
  await resumePlan(again, id)
  await expect.poll(state, { timeout: 10_000 }).toBe('finished')
  for (const tag of tags) expect(await digestOfTag(back.url, repository, tag)).toBeUndefined()
}, 60_000)

test('the trash lists what an account deleted itself in its registry, and nobody else’s deletions there', async () => {
  const repository = parseRepositoryName('team-a/trashed')
  const remove = async (actor: Actor, tag: string) => {
    const { digest } = await pushImage(back.url, repository, [tag], { labels: { of: tag } })
    const input = { registry: 'hub', repository, tag: parseTag(tag), expect: parseDigest(digest) }
    await removeTag(actor, { ...input, siblings: [], strategy: 'allow-replace' })
  }
  await remove(ann, 'of-ann')
  await remove(ada, 'of-ada')
  const listed = async (actor: Actor) => {
    const { items, total } = await readTrash(actor, 1)
    expect(items).toHaveLength(total)
    return items.filter((item) => item.repository === repository).flatMap((item) => item.tags)
  }
  expect((await listed(ada)).sort()).toEqual(['of-ada', 'of-ann'])
  expect(await listed(ann)).toEqual(['of-ann'])
  expect((await readTrash(bea, 1)).items).toEqual([])
  const [item] = (await readTrash(ann, 1)).items.filter((each) => each.repository === repository)
  expect(item).toMatchObject({ mayRestore: true })
})
