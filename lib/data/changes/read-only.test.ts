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

// A deletion was interrupted, and Lading starts again with READ_ONLY.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: true }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${proxy.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  process.env.READ_ONLY = '1'
})
afterAll(async () => {
  delete process.env.READ_ONLY
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a read-only start leaves an interrupted deletion as it is, and so does the job that was waiting to finish it', async () => {
  const { changeJournal } = await import('./change-journal.ts')
  const { settleInterrupted, settleLater } = await import('./settle.ts')
  const { listJobs } = await import('../jobs/jobs.ts')
  const { jobQueue } = await import('../jobs/job-queue.ts')
  const repository = parseRepositoryName('team/app')
  const { digest, mediaType, bytes } = await pushImage(registry.url, repository, ['1.0'])
  const placeholder = await pushImage(registry.url, repository, ['1.0'], { labels: { stands: 'in' } })
  const record = { registry: 'local', repository, tag: parseTag('1.0'), digest: parseDigest(digest), mediaType, bytes }
  const entry = await changeJournal().begin({ ...record, placeholder: parseDigest(placeholder.digest) })
  await settleInterrupted({ failed: true })
  expect(await listJobs(anna)).toEqual([])
  await settleLater(entry.id, record, JSON.stringify({ user: 'anna', local: false }))
  // It has begun, and put itself back.
  await expect
    .poll(async () => (await jobQueue().list())[0])
    .toMatchObject({ state: 'queued', notBefore: expect.any(String) })
  expect(proxy.requests).toEqual([])
  expect((await changeJournal().entry(entry.id))?.outcome).toBeUndefined()
  expect(await digestOfTag(registry.url, repository, '1.0')).toBe(placeholder.digest)
})
