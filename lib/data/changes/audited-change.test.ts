import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { auditKey } from '../../audit/audit-key.ts'
import { withSource } from '../../audit/audit-source.ts'
import { streamedEntries } from '../../audit/audit-stream.ts'
import { recordIntent } from '../../audit/record.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { retagImage } from './retag.ts'
import { undoChange } from './undo.ts'

// The real data layer over a real registry and a real database.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const rights = { groups: [], grants: [], readOnly: false } as const
const anna: Actor = { kind: 'user', username: 'anna', role: 'admin', ...rights }
const vera: Actor = { kind: 'user', username: 'vera', role: 'viewer', ...rights }
const place = { registry: 'local', repository: parseRepositoryName('team/app') }
const [latest, next] = [parseTag('latest'), parseTag('next')]
let one: Digest
let two: Digest

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-audit-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${proxy.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  process.env.AUDIT_LOG = join(folder, 'audit.jsonl')
  one = parseDigest((await pushImage(registry.url, place.repository, [latest])).digest)
  two = parseDigest((await pushImage(registry.url, place.repository, [next], { labels: { version: '2' } })).digest)
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

const rows = async () => (await theStore()).read.selectFrom('audit_entry').selectAll().orderBy('seq').execute()
const move = (actor: Actor) => retagImage(actor, { ...place, from: two, to: latest, expect: one })
const writes = () => ['PUT', 'DELETE', 'POST', 'PATCH'].reduce((sum, method) => sum + proxy.count(method, /./), 0)

test('a refused change is recorded with its author and address', async () => {
  await expect(withSource({ address: '192.0.2.7' }, () => move(vera))).rejects.toMatchObject({ name: 'AccessError' })
  expect(await rows()).toMatchObject([
    {
      phase: 'refusal',
      actor: 'vera',
      rights: 'viewer',
      address: '192.0.2.7',
      action: 'move-tag',
      registry: 'local',
      repository: 'team/app',
      tag: 'latest',
      outcome: 'refused',
    },
  ])
})

test('a change that can’t be recorded doesn’t happen: the database is full, or read-only', async () => {
  const { write } = await theStore()
  const { rows: pages } = await sql<{ page_count: number }>`pragma page_count`.execute(write)
  const before = writes()
  await sql.raw(`pragma max_page_count = ${pages[0]?.page_count}`).execute(write)
  // Rows of every size, until none fits the pages that are there.
  const source = { actor: 'anna', rights: 'admin' }
  for (let length = 4_096; length >= 1; length = length >> 1)
    while (await recordIntent(source, { action: 'move-tag', reason: 'x'.repeat(length) }).catch(() => undefined));
  await expect(move(anna)).rejects.toMatchObject({ name: 'AuditError', code: 'full' })
  await sql.raw('pragma max_page_count = 1000000').execute(write)
  await sql`pragma query_only = on`.execute(write)
  await expect(move(anna)).rejects.toMatchObject({ name: 'AuditError', code: 'read-only' })
  await sql`pragma query_only = off`.execute(write)
  expect(writes()).toBe(before)
  expect(await digestOfTag(registry.url, place.repository, latest)).toBe(one)
})

test('a change is recorded before its first write, and its outcome after the last', async () => {
  const before = (await rows()).length
  const seen: unknown[] = []
  proxy.on({
    method: 'PUT',
    path: '/manifests/latest',
    fault: { kind: 'run', run: async () => void seen.push(...(await rows()).slice(before)) },
  })
  const { undo = '' } = await move(anna)
  proxy.clear()
  expect(seen).toMatchObject([{ phase: 'intent', actor: 'anna', tag: 'latest', digest_before: one }])
  await undoChange(anna, { ...place, change: undo })
  const [intent, outcome, ...undone] = (await rows()).slice(before)
  expect(outcome).toMatchObject({
    phase: 'outcome',
    intent: intent?.seq,
    outcome: 'done',
    digest_before: one,
    digest_after: two,
  })
  expect(undone).toMatchObject([
    { phase: 'intent', action: 'restore' },
    { phase: 'outcome', outcome: 'done', digest_before: two, digest_after: one },
  ])
})

test('a change that loses the registry ends as unknown, and one that the registry refuses as failed', async () => {
  const before = (await rows()).length
  proxy.on({ method: 'PUT', path: '/manifests/latest', fault: { kind: 'answer', status: 403 } })
  await expect(move(anna)).rejects.toMatchObject({ name: 'RegistryError' })
  proxy.clear()
  proxy.on({ method: 'PUT', path: '/manifests/latest', fault: { kind: 'reset' } })
  await expect(move(anna)).rejects.toMatchObject({ name: 'RegistryError' })
  proxy.clear()
  const outcomes = (await rows()).slice(before).filter(({ phase }) => phase === 'outcome')
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'unknown'])
})

test('every row is a line of the file that AUDIT_LOG names, and the chain is intact', async () => {
  const streamed = async () => {
    await streamedEntries()
    const lines = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).trimEnd().split('\n')
    return lines.map((line) => JSON.parse(line).audit)
  }
  // What was interrupted above is being settled, which adds rows.
  await expect.poll(async () => isDeepStrictEqual(await streamed(), await rows())).toBe(true)
  expect(await verifyLog(await theStore(), await auditKey())).toMatchObject({ state: 'intact' })
})
