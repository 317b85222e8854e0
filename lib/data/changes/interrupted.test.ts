import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'

// The real data layer over a real registry that is lost in the middle of a deletion.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${proxy.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

const at = (reference: string) => digestOfTag(registry.url, 'team/app', reference)

test('a tag whose deletion lost the registry midway is told of, and settled once the registry answers again', async () => {
  const { removeTag } = await import('./change-tags.ts')
  const digest = parseDigest((await pushImage(registry.url, 'team/app', ['1.0', 'sibling'])).digest)
  proxy.on({
    method: 'PUT',
    path: '/manifests/1.0',
    fault: { kind: 'run', run: () => void proxy.on({ fault: { kind: 'reset' } }) },
  })
  const deletion = removeTag(anna, {
    registry: 'local',
    repository: parseRepositoryName('team/app'),
    tag: parseTag('1.0'),
    expect: digest,
    siblings: [parseTag('sibling')],
    strategy: 'allow-replace',
  })
  await expect(deletion).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('The deletion of 1.0 was broken off'),
  })
  const standIn = await at('1.0')
  expect([undefined, digest]).not.toContain(standIn)
  proxy.clear()
  await expect.poll(() => at('1.0'), { timeout: 15_000 }).toBeUndefined()
  expect(await at('sibling')).toBe(digest)
  expect(await at(standIn ?? '')).toBeUndefined()
})

test('an image whose deletion lost the registry midway is told of, and the journal learns how it ended', async () => {
  const { removeImage } = await import('./change-tags.ts')
  const { deletionJournal } = await import('./deletion-journal.ts')
  const digest = parseDigest((await pushImage(registry.url, 'team/whole', ['1.0'])).digest)
  proxy.on({
    method: 'DELETE',
    path: '/team/whole/',
    fault: { kind: 'run', run: () => void proxy.on({ fault: { kind: 'reset' } }) },
  })
  const deletion = removeImage(anna, {
    registry: 'local',
    repository: parseRepositoryName('team/whole'),
    digest,
    expectTags: [parseTag('1.0')],
    force: false,
    layers: false,
  })
  await expect(deletion).rejects.toMatchObject({ message: expect.stringContaining(`The deletion of ${digest}`) })
  const outcome = async () =>
    (await deletionJournal().entries()).find(({ record }) => record.digest === digest)?.outcome
  expect(await outcome()).toBeUndefined()
  proxy.clear()
  await expect.poll(outcome, { timeout: 15_000 }).toBe('finished')
})
