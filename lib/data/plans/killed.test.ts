import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage, pushManifest } from '../../testing/servers/images.ts'

// A plan runs in a process of its own, which is killed without a chance to tidy up.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-plans-killed-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  const file = [
    `registries:\n  - { name: local, url: '${proxy.url}' }`,
    `users:\n  - { username: anna, role: admin, passwordHash: '$2b$04$${'a'.repeat(53)}' }`,
    '',
  ].join('\n')
  await writeFile(join(folder, 'lading.yaml'), file)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

function startProcess(id: string, what: 'start' | 'resume'): ChildProcess {
  const script = join(import.meta.dirname, 'testing', 'work-on-plan.ts')
  return spawn(process.execPath, ['--conditions', 'react-server', script, id, what], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: process.env,
  })
}

const TAGS = Array.from({ length: 40 }, (_, i) => `pr-${i}`)

test.each([
  ['before an image is deleted', { method: 'DELETE', nth: 7 }],
  ['after an image was deleted', { method: 'HEAD', path: '/manifests/sha256:', nth: 9 }],
] as const)(
  'a run that is killed %s is finished by the next process, with an outcome for each image',
  async (when, rule) => {
    const repository = parseRepositoryName(`team/${when.replaceAll(' ', '-')}`)
    const base = await pushImage(registry.url, repository, ['latest', 'pr-0'])
    const document = JSON.parse(base.bytes.toString('utf8'))
    for (const tag of TAGS.slice(1))
      await pushManifest(registry.url, repository, [tag], base.mediaType, { ...document, annotations: { tag } })
    const { makePlan } = await import('./make-plan.ts')
    const { readPlan } = await import('./read-plan.ts')
    const id = await makePlan(anna, { registry: 'local', repository, select: { tags: TAGS.map(parseTag) } })
    const child = startProcess(id, 'start')
    const exited = once(child, 'exit')
    const off = proxy.on({ ...rule, fault: { kind: 'run', run: () => void child.kill('SIGKILL') } })
    expect((await exited)[1]).toBe('SIGKILL')
    off()
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
