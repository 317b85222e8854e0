import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { appendEntry } from '../../lib/audit/append-entry.ts'
import { previewDeletion } from '../../lib/image/delete/delete-preview.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { openStore, type StoreLocation } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { startPostgres } from '../../lib/testing/servers/postgres.ts'
import { inLanes, type Limit } from './limit.ts'
import { compare, median, timed } from './measure.ts'
import { MANY, seedTags, tagName } from './seed.ts'
import type { Row } from './table.ts'

const TAGS = 10_000
const GOING = 1_000
/** Tags on each image of the repository whose images stay: all but one go. */
const TAGS_EACH = 20
const AUDITED = 1_000_000
const INSERTS = 300
const OUTCOME = z.object({
  preview: z.number(),
  cold: z.number(),
  plan: z.number(),
  outdated: z.number(),
  bulk: z.number(),
  tags: z.number(),
  untag: z.number(),
  untagged: z.number(),
  undone: z.number(),
})

/** Changes as people make them, with everything that keeps them safe; and the audit log that each is written to. */
export async function changeRows(url: string, limit: Limit): Promise<Row[]> {
  return [await coldPreview(url, limit), ...(await dataRows()), ...(await auditRows())]
}

/** By a registry object that has cached nothing, beside its requests alone: the list, each tag, the manifest. */
async function coldPreview(url: string, limit: Limit): Promise<Row> {
  const repository = () => createHttpRegistry({ name: 'bench', url }).repository(parseRepositoryName(MANY))
  const product = () => timed(() => previewDeletion(repository(), { tag: parseTag(tagName(7)) }))
  const times = await compare(5, product, () => timed(() => limit.preview(tagName(7))))
  const name = 'change: preview of a deletion among 2,000 tags, cold'
  return { name, value: times.product, unit: 'ms', limit: times.limit, target: { kind: 'ratio', factor: 1.3 } }
}

async function dataRows(): Promise<Row[]> {
  const storage = await mkdtemp(join(tmpdir(), 'lading-change-'))
  try {
    await seedTags(storage, MANY, { count: 2_000, tag: tagName })
    await seedTags(storage, 'bench/large', { count: TAGS, tag: (n) => `1.${n}` })
    for (const name of ['bench/going', 'bench/limit'])
      await seedTags(storage, name, { count: GOING, tag: (n) => `build-${n}`, images: GOING })
    const images = GOING / TAGS_EACH
    const tag = (n: number) => (n < images ? `kept-${n}` : `old-${n}`)
    for (const name of ['bench/staying', 'bench/staying-limit'])
      await seedTags(storage, name, { count: GOING, tag, images })
    await using registry = await startDockerRegistry({ storage })
    const { deletion: limit, undo: undoLimit } = await bareDeletions(registry.url, 'bench/limit')
    const old = Array.from({ length: GOING - images }, (_, n) => tag(n + images))
    const untagLimit = await bareUntagging(registry.url, 'bench/staying-limit', old)
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions',
      'react-server',
      join(import.meta.dirname, 'change-once.ts'),
      registry.url,
      'bench/large',
      'bench/going',
      'bench/staying',
    ])
    const { preview, cold, plan, outdated, bulk, tags, untag, untagged, undone } = OUTCOME.parse(
      JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
    )
    console.log(`The first plan for ${TAGS} tags, which asks for each of them, took ${cold.toFixed(0)} ms`)
    const most = (name: string, value: number, bound: number): Row => {
      return { name: `change: ${name}`, value, unit: 'ms', target: { kind: 'at-most', value: bound } }
    }
    return [
      most('preview of a deletion among 2,000 tags, warm', preview, 150),
      most(`plan for ${TAGS} tags, warm`, plan, 1_000),
      most(`plan for ${TAGS} tags, after a change`, outdated, 1_000),
      {
        name: `change: deletion of ${tags} images in bulk`,
        value: (1_000 * tags) / bulk,
        unit: 'per s',
        limit: (1_000 * GOING) / limit,
        target: { kind: 'at-least-ratio', factor: 0.7 },
      },
      {
        name: `change: undo of that, each image checked before and after`,
        value: (1_000 * tags) / undone,
        unit: 'per s',
        limit: (1_000 * GOING) / undoLimit,
        target: { kind: 'at-least-ratio', factor: 0.3 },
      },
      {
        name: `change: deletion of ${untagged} tags in bulk, whose images stay`,
        value: (1_000 * untagged) / untag,
        unit: 'per s',
        limit: (1_000 * old.length) / untagLimit,
        target: { kind: 'at-least-ratio', factor: 0.7 },
      },
    ]
  } finally {
    await rm(storage, { recursive: true, force: true })
  }
}

/** What a script does: each tag's digest, and its deletion; then each document put back where its tag is free, and read. Milliseconds for all. */
async function bareDeletions(url: string, repository: string): Promise<{ deletion: number; undo: number }> {
  await using client = new BareClient(`${url}/v2/${repository}/manifests`)
  const tags = Array.from({ length: GOING }, (_, n) => `build-${n}`)
  const kept = new Map<string, string>()
  await inLanes(tags, async (tag) => {
    kept.set(tag, (await client.call('GET', tag)).text)
  })
  const deletion = await timed(() =>
    inLanes(tags, async (tag) => {
      const { digest } = await client.call('HEAD', tag)
      await client.call('DELETE', digest)
    }),
  )
  const undo = await timed(() =>
    inLanes([...kept], async ([tag, document]) => {
      await client.call('HEAD', tag)
      await client.call('PUT', tag, document)
      await client.call('GET', tag)
    }),
  )
  return { deletion, undo }
}

/** Likewise, where the registry deletes no tags: another manifest takes each tag, and is deleted. */
async function bareUntagging(url: string, repository: string, tags: readonly string[]): Promise<number> {
  await using client = new BareClient(`${url}/v2/${repository}/manifests`)
  // Awaited here: the client ends with this scope.
  return await timed(() =>
    inLanes(Array.from(tags.entries()), async ([n, tag]) => {
      const { text } = await client.call('GET', tag)
      // White space that no other has.
      const space = n.toString(2).replaceAll('0', ' ').replaceAll('1', '\t')
      const { digest } = await client.call('PUT', tag, `${text}\n${space}`)
      await client.call('DELETE', digest)
    }),
  )
}

class BareClient {
  readonly #manifests: string
  readonly #agent = new Agent({ connections: 16, pipelining: 1 })

  /** @param manifests the URL that references come after */
  constructor(manifests: string) {
    this.#manifests = manifests
  }

  async call(method: 'HEAD' | 'GET' | 'PUT' | 'DELETE', reference: string, document?: string) {
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const { statusCode, headers, body } = await request(`${this.#manifests}/${reference}`, {
      method,
      headers: document === undefined ? { accept: type } : { 'content-type': type },
      dispatcher: this.#agent,
      // undici ends the connection after a HEAD otherwise.
      ...(method === 'HEAD' && { reset: false }),
      ...(document !== undefined && { body: document }),
    })
    const text = await body.text()
    // Distribution 2 fails some deletions while other tags are being written, and nothing is repaired here.
    if (statusCode >= 300 && !(method === 'DELETE' && statusCode === 500) && !(method === 'HEAD' && statusCode === 404))
      throw new Error(`${method} ${reference}: ${statusCode} ${text}`)
    return { text, digest: String(headers['docker-content-digest']) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#agent.close()
  }
}

async function auditRows(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-audit-'))
  try {
    const rows = [await auditRow({ kind: 'sqlite', file: join(folder, 'audit.db') })]
    await using server = await startPostgres()
    rows.push(await auditRow({ kind: 'postgres', url: await server.createDatabase() }))
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function auditRow(location: StoreLocation): Promise<Row> {
  const store = await openStore(location)
  try {
    await fillAudit(store)
    const times: number[] = []
    for (let n = 0; n < INSERTS; n++) times.push(await timed(() => appendEntry(store, Buffer.alloc(32), entry(n))))
    const name = `change: ${store.dialect.name}, a row of the audit log after ${AUDITED.toLocaleString('en')}`
    return { name, value: median(times), unit: 'ms', target: { kind: 'at-most', value: 2 } }
  } finally {
    await store.close()
  }
}

function entry(n: number): Parameters<typeof appendEntry>[2] {
  return {
    at: Date.UTC(2026, 10, 29) + n,
    phase: 'intent',
    intent: null,
    actor: `user-${n % 50}`,
    rights: 'operator',
    address: '127.0.0.1',
    request: null,
    job: null,
    action: 'move-tag',
    registry: 'hub',
    repository: `team-${n % 200}/app`,
    tag: `1.${n}`,
    digest_before: null,
    digest_after: null,
    outcome: null,
    reason: null,
    detail: null,
  }
}

/** Rows that nobody verifies: only their number and their indexes count. */
async function fillAudit({ write, dialect }: Store): Promise<void> {
  const numbers =
    dialect.name === 'sqlite'
      ? sql`(with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(AUDITED)}) select i from n)`
      : sql`generate_series(1, ${sql.lit(AUDITED)}) as n(i)`
  await write.transaction().execute(async (db) => {
    // The limit is one for people who wait.
    if (dialect.name === 'postgres') await sql`set local statement_timeout = 0`.execute(db)
    await sql`
      insert into audit_entry (seq, previous, hash, at, phase, actor, rights, address, action, registry, repository, tag)
      select i, 'x', 'x', ${sql.lit(Date.UTC(2026, 0, 1))} + i, 'intent', 'user-' || (i % 50), 'operator', '127.0.0.1',
        'move-tag', 'hub', 'team-' || (i % 200) || '/app', '1.' || i
      from ${numbers}`.execute(db)
    await sql`update audit_head set seq = ${sql.lit(AUDITED)}, hash = 'x' where id = 1`.execute(db)
  })
}
