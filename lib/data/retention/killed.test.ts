import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, type Rule, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna, configure } from '../testing/configure.ts'

// A policy runs in a process of its own, which is killed without a chance to tidy up.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const children: ChildProcess[] = []

beforeAll(async () => {
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  folder = await configure({ local: proxy.url })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  proxy.clear()
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

function startProcess(policy: string, what: 'start' | 'resume'): ChildProcess {
  const script = join(import.meta.dirname, 'testing', 'work-on-retention.ts')
  const child = spawn(process.execPath, ['--conditions', 'react-server', script, policy, what], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: process.env,
  })
  children.push(child)
  return child
}

const OLD = Array.from({ length: 12 }, (_, i) => `pr-${i}`)
const DAY = 86_400_000

test.each<[string, Omit<Rule, 'fault'>]>([
  ['while it looks at the registry', { method: 'HEAD', path: '/manifests/pr-3' }],
  ['before its first deletion', { method: 'DELETE', nth: 1 }],
  ['between deletions', { method: 'DELETE', nth: 6 }],
])(
  'a run of a policy that is killed %s is finished by the next process, and deletes nothing else',
  { timeout: 120_000 },
  async (when, at) => {
    const repository = parseRepositoryName(`kept/${when.replaceAll(' ', '-')}`)
    for (const [index, tag] of OLD.entries())
      await pushImage(registry.url, repository, [tag], {
        labels: { of: `${repository} ${tag}` },
        created: new Date(Date.now() - (200 + index) * DAY).toISOString(),
      })
    const labels = { of: `${repository} new` }
    const kept = await pushImage(registry.url, repository, ['new', 'stable'], {
      labels,
      created: new Date().toISOString(),
    })
    const { syncRepository } = await import('../../catalog/sync/sync-repository.ts')
    const { openForServer } = await import('../registries/open.ts')
    const opened = openForServer({ registry: 'local', repository })
    if (!opened) throw new Error('The registry is not configured')
    await syncRepository(await theStore(), opened, { at: Date.now(), how: 'sync' }, { limit: 8 })
    const { savePolicy } = await import('./policies.ts')
    const { readRuns } = await import('./runs.ts')
    const policy = await savePolicy(anna, {
      name: repository,
      scope: `repo:${repository}`,
      rules: [{ keep: 'newer', amount: 90, unit: 'days', by: 'created' }],
      mostShare: 100,
      schedule: null,
    })
    const child = startProcess(policy, 'start')
    const exited = once(child, 'exit')
    proxy.on({ ...at, fault: { kind: 'run', run: () => void child.kill('SIGKILL') } })
    expect((await exited)[1]).toBe('SIGKILL')
    proxy.clear()
    expect((await readRuns({ policy }, 1))[0]?.state).toBe('running')
    expect((await once(startProcess(policy, 'resume'), 'exit'))[0]).toBe(0)
    const [run] = await readRuns({ policy }, 1)
    expect(run).toMatchObject({ state: 'done', deleted: 12 })
    expect(run?.problem).toBeUndefined()
    for (const tag of OLD) expect(await digestOfTag(registry.url, repository, tag)).toBeUndefined()
    for (const tag of ['new', 'stable']) expect(await digestOfTag(registry.url, repository, tag)).toBe(kept.digest)
  },
)
