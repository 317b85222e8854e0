import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { type FaultProxy, type Rule, startFaultProxy } from '../../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage, pushManifest } from '../../../testing/servers/images.ts'
import { type PostgresServer, startPostgres } from '../../../testing/servers/postgres.ts'
import { anna, configure } from '../../testing/configure.ts'

/** `KILLS=100 npx vitest run lib/data/plans/killed` for the long run. */
const KILLS = Number(process.env.KILLS ?? 2)
/** Requests that a run over the tags of `FEW` makes, about. */
const REQUESTS = 90
const FEW = 10

const TAGS = Array.from({ length: 40 }, (_, i) => `pr-${i}`)

/** The first request that matches, after one that matches `after` if there is one. */
interface Moment {
  readonly after?: Pick<Rule, 'method' | 'path'>
  readonly at: Omit<Rule, 'fault'>
}

export const MOMENTS: readonly [string, Moment][] = [
  ['before an image is deleted', { at: { method: 'DELETE', nth: 7 } }],
  [
    'after an image was deleted',
    {
      after: { method: 'DELETE', path: '/manifests/sha256:' },
      at: { method: 'GET', path: '/manifests/sha256:', nth: 9 },
    },
  ],
  [
    'between replacing a tag and deleting its placeholder',
    { after: { method: 'PUT', path: '/manifests/pr-0' }, at: { method: 'DELETE', nth: 1 } },
  ],
  ['while its last deletions are on their way', { at: { method: 'DELETE', path: '/manifests/sha256:', nth: 40 } }],
]

/** A plan runs in a process of its own, which is killed without a chance to tidy up, and another goes on with it. */
export function killedSuite(kind: 'SQLite' | 'PostgreSQL', moments: readonly [string, Moment][]): void {
  let folder = ''
  let registry: DockerRegistry
  let proxy: FaultProxy
  let postgres: PostgresServer | undefined
  /** A process whose test has failed would wait for its plan for ever. */
  const children: ChildProcess[] = []

  beforeAll(async () => {
    registry = await startDockerRegistry()
    proxy = await startFaultProxy(registry.url)
    folder = await configure({ local: proxy.url })
    if (kind === 'PostgreSQL') {
      postgres = await startPostgres()
      process.env.DATABASE_URL = await postgres.createDatabase()
      process.env.AUTH_SECRET = randomBytes(32).toString('base64url')
    }
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    proxy.clear()
  })
  afterAll(async () => {
    if (postgres) {
      const { theStore } = await import('../../../store/the-store.ts')
      await (await theStore()).close()
      await postgres.stop()
    }
    await proxy.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  })

  function startProcess(id: string, what: 'start' | 'undo' | 'resume'): ChildProcess {
    const script = join(import.meta.dirname, 'work-on-plan.ts')
    const child = spawn(process.execPath, ['--conditions', 'react-server', script, id, what], {
      stdio: ['ignore', 'ignore', 'inherit'],
      // Replicas share the database, and no folder.
      env: postgres ? { ...process.env, DATA_DIR: join(folder, `replica-${children.length}`) } : process.env,
    })
    children.push(child)
    return child
  }

  function killAt(child: ChildProcess, { after, at }: Moment): void {
    const kill = () => proxy.on({ ...at, fault: { kind: 'run', run: () => void child.kill('SIGKILL') } })
    if (!after) kill()
    else {
      const off = proxy.on({
        ...after,
        fault: {
          kind: 'run',
          run: () => {
            off()
            kill()
          },
        },
      })
    }
  }

  test.each(moments)(
    'a run that is killed %s is finished by the next process, with an outcome for each image',
    { timeout: 240_000 },
    async (when, moment) => {
      const repository = parseRepositoryName(`team/${when.replaceAll(' ', '-')}`)
      const base = await pushImage(registry.url, repository, ['latest', 'pr-0'])
      const document = JSON.parse(base.bytes.toString('utf8'))
      for (const tag of TAGS.slice(1))
        await pushManifest(registry.url, repository, [tag], base.mediaType, { ...document, annotations: { tag } })
      const { makePlan } = await import('../make-plan.ts')
      const { readPlan } = await import('../read-plan.ts')
      const id = await makePlan(anna, { registry: 'local', repository, select: { tags: TAGS.map(parseTag) } })
      const child = startProcess(id, 'start')
      const exited = once(child, 'exit')
      killAt(child, moment)
      expect((await exited)[1]).toBe('SIGKILL')
      proxy.clear()
      expect((await readPlan(anna, { id, show: 'all', page: 1 })).plan.state).toBe('running')
      const [code] = await once(startProcess(id, 'resume'), 'exit')
      expect(code).toBe(0)
      const { counts, items } = await readPlan(anna, { id, show: 'all', page: 1 })
      expect(
        items.flatMap(({ detail, outcome }) => (outcome === 'deleted' || outcome === 'untagged' ? [] : [detail])),
      ).toEqual([])
      expect(counts).toMatchObject({ done: { tags: 40 }, waiting: { tags: 0 }, undoable: { tags: 40 } })
      expect(await digestOfTag(registry.url, repository, 'latest')).toBe(base.digest)
      for (const tag of TAGS) expect(await digestOfTag(registry.url, repository, tag)).toBeUndefined()
    },
  )

  test('a run and its undo that are killed at any request are finished by the next process', {
    timeout: 60_000 + KILLS * 60_000,
  }, async () => {
    const { makePlan } = await import('../make-plan.ts')
    const { readPlan } = await import('../read-plan.ts')
    const tags = TAGS.slice(0, FEW)
    let wasKilled = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const repository = parseRepositoryName(`any/r${kill}`)
      const [onOne, others] = [tags.slice(0, FEW / 2), tags.slice(FEW / 2)]
      const base = await pushImage(registry.url, repository, ['latest', ...onOne])
      const document = JSON.parse(base.bytes.toString('utf8'))
      const before = new Map(onOne.map((tag) => [tag, base.digest]))
      for (const tag of others) {
        const content = { ...document, annotations: { tag } }
        before.set(tag, (await pushManifest(registry.url, repository, [tag], base.mediaType, content)).digest)
      }
      const id = await makePlan(anna, { registry: 'local', repository, select: { tags: tags.map(parseTag) } })
      const page = () => readPlan(anna, { id, show: 'all', page: 1 })
      // A step without a common factor, so that a hundred kills are at as many requests.
      const at = { nth: 1 + ((kill * 37) % REQUESTS) }
      const work = async (what: 'start' | 'undo') => {
        proxy.clear()
        const child = startProcess(id, what)
        const exited = once(child, 'exit')
        killAt(child, { at })
        const [, signal] = await exited
        proxy.clear()
        if (signal !== 'SIGKILL') return
        wasKilled++
        expect((await once(startProcess(id, 'resume'), 'exit'))[0]).toBe(0)
      }
      await work('start')
      const { counts, items } = await page()
      const left = items.filter(({ outcome }) => outcome !== 'deleted' && outcome !== 'untagged')
      expect(left, `killed at request ${at.nth} of a run`).toEqual([])
      expect(counts).toMatchObject({ done: { tags: FEW }, undoable: { tags: FEW } })
      for (const tag of tags) expect(await digestOfTag(registry.url, repository, tag)).toBeUndefined()
      expect(await digestOfTag(registry.url, repository, 'latest')).toBe(base.digest)
      await work('undo')
      expect((await page()).plan.state, `killed at request ${at.nth} of an undo`).toBe('undone')
      for (const [tag, digest] of before) expect(await digestOfTag(registry.url, repository, tag)).toBe(digest)
    }
    if (KILLS > 0) expect(wasKilled).toBeGreaterThan(0)
  })

  // Each costs seconds, and differs from deleting in nothing that the database sees.
  if (kind === 'PostgreSQL') return
  test.each<[string, Moment]>([
    ['before a manifest is put back', { at: { method: 'PUT', nth: 3 } }],
    ['between the tags of an image', { at: { method: 'PUT', nth: 12 } }],
    ['while its last tags are on their way', { at: { method: 'PUT', nth: 20 } }],
  ])(
    'an undo that is killed %s is finished by the next process, with the identical digests',
    { timeout: 240_000 },
    async (when, moment) => {
      const repository = parseRepositoryName(`undo/${when.replaceAll(' ', '-')}`)
      const tags = TAGS.slice(0, 20)
      const before = new Map<string, string>()
      const base = await pushImage(registry.url, repository, ['latest'])
      const document = JSON.parse(base.bytes.toString('utf8'))
      for (let at = 0; at < tags.length; at += 2) {
        const pair = tags.slice(at, at + 2)
        const annotations = { at: String(at) }
        const { digest } = await pushManifest(registry.url, repository, pair, base.mediaType, {
          ...document,
          annotations,
        })
        for (const tag of pair) before.set(tag, digest)
      }
      const { makePlan } = await import('../make-plan.ts')
      const { readPlan } = await import('../read-plan.ts')
      const id = await makePlan(anna, { registry: 'local', repository, select: { tags: tags.map(parseTag) } })
      expect((await once(startProcess(id, 'start'), 'exit'))[0]).toBe(0)
      const child = startProcess(id, 'undo')
      const exited = once(child, 'exit')
      killAt(child, moment)
      expect((await exited)[1]).toBe('SIGKILL')
      proxy.clear()
      expect((await once(startProcess(id, 'resume'), 'exit'))[0]).toBe(0)
      const { plan, counts } = await readPlan(anna, { id, show: 'all', page: 1 })
      expect(plan.state).toBe('undone')
      expect(counts).toMatchObject({ restored: { tags: 20 }, undoable: { tags: 0 } })
      for (const tag of tags) expect(await digestOfTag(registry.url, repository, tag)).toBe(before.get(tag))
    },
  )
}
