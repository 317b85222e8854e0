import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type RecordedManifest, recordManifests } from '../../lib/catalog/database/record-manifests.ts'
import { recordRepositories } from '../../lib/catalog/database/repository-ids.ts'
import { parseRepositoryName, type RepositoryName } from '../../lib/oci/reference.ts'
import { versionKey } from '../../lib/oci/version-key.ts'
import { insertMissing } from '../../lib/store/insert-missing.ts'
import type { Store } from '../../lib/store/store.ts'

/** When the generated catalog is looked at. */
export const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000
const TAGS_PER_REPOSITORY = 100
const TAGS_PER_IMAGE = 5
const REPOSITORIES_AT_ONCE = 100

const TEAMS = 20
const COMMON_KEYS = 34

/**
 * Fills a catalog with `tags` tags: 100 a repository, one image for five of them, ten labels an image: 40 keys, of which
 * two have a value of their own for each image. The numbers decide everything, so that each run has the same.
 */
export async function fillCatalog(store: Store, tags: number): Promise<void> {
  const indexes = await dropIndexes(store)
  const repositories = tags / TAGS_PER_REPOSITORY
  const names = Array.from({ length: repositories }, (_, serial) => repositoryName(serial))
  const ids = await recordRepositories(store, 'hub', names, NOW)
  for (let start = 0; start < repositories; start += REPOSITORIES_AT_ONCE) {
    const some = names
      .slice(start, start + REPOSITORIES_AT_ONCE)
      .map((name, index) => ({ name, serial: start + index }))
    const images = some.flatMap(({ serial }) =>
      Array.from({ length: TAGS_PER_REPOSITORY / TAGS_PER_IMAGE }, (_, position) => image(serial, position)),
    )
    await recordManifests(store, images)
    await fillTags(
      store,
      some.map(({ serial }) => ({ serial, id: ids[serial] as number })),
    )
  }
  const seen = { tags_seen: NOW, tags_complete: 1, list_seen: NOW, looked_at: NOW, listed: 1 }
  await store.write.updateTable('repository').set(seen).execute()
  await store.write
    .updateTable('catalog_state')
    .set({ tags, images: tags / TAGS_PER_IMAGE })
    .execute()
  for (const index of indexes) await sql.raw(index).execute(store.write)
  // Its autovacuum does so soon after; nothing does it for SQLite.
  if (store.dialect.name === 'postgres') await sql`analyze`.execute(store.write)
}

/** PostgreSQL keeps indexes up to date row by row, and makes them in one go ten times as fast. @returns what makes them again */
async function dropIndexes({ write, dialect }: Store): Promise<readonly string[]> {
  if (dialect.name === 'sqlite') return []
  const { rows } = await sql<{ indexname: string; indexdef: string }>`
    select indexname, indexdef from pg_indexes
    where schemaname = current_schema() and indexdef not like '%UNIQUE%'
      and tablename in ('tag', 'label', 'label_value', 'manifest_blob', 'image', 'tag_event')`.execute(write)
  for (const { indexname } of rows) await sql`drop index ${sql.ref(indexname)}`.execute(write)
  return rows.map(({ indexdef }) => indexdef)
}

/** What `recordTags` writes for one repository, for many at once. */
async function fillTags(store: Store, repositories: readonly { serial: number; id: number }[]): Promise<void> {
  const digests = repositories.flatMap(({ serial }) =>
    Array.from({ length: TAGS_PER_REPOSITORY / TAGS_PER_IMAGE }, (_, position) => digestOf(serial, position)),
  )
  const manifests = await store.read
    .selectFrom('manifest')
    .select(['id', store.dialect.digestText(sql.ref('digest')).as('digest'), 'created', 'size'])
    .where(store.dialect.isOneOfDigests(sql.ref('digest'), digests))
    .execute()
  const byDigest = new Map(manifests.map((manifest) => [manifest.digest, manifest]))
  const rows = repositories.flatMap(({ serial, id }) =>
    Array.from({ length: TAGS_PER_REPOSITORY }, (_, index) => {
      const manifest = byDigest.get(digestOf(serial, Math.floor(index / TAGS_PER_IMAGE)))
      const tag = index === 0 ? 'latest' : `${1 + Math.floor(index / 20)}.${index % 20}.${serial % 10}`
      const at = NOW - ((serial * 7919 + index * 37) % 1_000_000) * 60_000
      return {
        id,
        tag,
        at,
        manifest: manifest?.id ?? null,
        created: manifest?.created ?? -1,
        size: manifest?.size ?? -1,
      }
    }),
  )
  await store.write.transaction().execute(async (db) => {
    await insertMissing(db, store.dialect, {
      table: 'tag_name',
      columns: { name: 'text' },
      rows: rows.map(({ tag }) => [tag]),
    })
    await insertMissing(db, store.dialect, {
      table: 'tag',
      columns: {
        repository_id: 'int',
        name: 'text',
        manifest_id: 'int',
        first_seen: 'bigint',
        checked_at: 'bigint',
        moved_at: 'bigint',
        created: 'bigint',
        size: 'bigint',
        listed: 'int',
        version_key: 'text',
      },
      rows: rows.map(({ id, tag, manifest, at, created, size }) => [
        id,
        tag,
        manifest,
        at,
        NOW,
        at,
        created,
        size,
        1,
        versionKey(tag).key,
      ]),
    })
    // One event for ten tags: what has moved since it was first seen.
    const moved = rows.filter((_, index) => index % 10 === 0)
    await insertMissing(db, store.dialect, {
      table: 'tag_event',
      columns: { repository_id: 'int', tag: 'text', kind: 'text', to_manifest_id: 'int', at: 'bigint', how: 'text' },
      rows: moved.map(({ id, tag, manifest, at }) => [id, tag, 'moved', manifest, at, 'sync']),
    })
  })
}

export function repositoryName(serial: number): RepositoryName {
  return parseRepositoryName(`team-${serial % 200}/service-${Math.floor(serial / 200)}/component-${serial}`)
}

function digestOf(repository: number, position: number): string {
  return `sha256:${createHash('sha256').update(`${repository}/${position}`).digest('hex')}`
}

function image(repository: number, position: number): RecordedManifest {
  const serial = repository * (TAGS_PER_REPOSITORY / TAGS_PER_IMAGE) + position
  const digest = digestOf(repository, position)
  const hex = digest.slice('sha256:'.length)
  const created = NOW - ((serial * 104_729) % 1_000) * DAY
  const size = ((serial * 15_485_863) % 1_000) * 1_048_576
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  return {
    digest,
    mediaType,
    type: 'image',
    bytes: 1_500,
    created,
    size,
    images: [
      {
        digest,
        mediaType,
        bytes: 1_500,
        platform: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'][serial % 3] as string,
        created,
        size,
        layers: 4 + (serial % 8),
        // Of each image one layer and its config; the others are shared with its repository or everyone.
        blobs: [
          { digest: `sha256:c${hex.slice(1)}`, size: 5_000 },
          { digest: `sha256:${(serial % 50).toString(16).padStart(64, 'b')}`, size: 30_000_000 },
          { digest: `sha256:${repository.toString(16).padStart(64, 'd')}`, size: 10_000_000 },
          { digest: `sha256:a${hex.slice(1)}`, size: 1_000_000 },
        ],
        labels: labels(repository, serial, hex),
      },
    ],
  }
}

function labels(repository: number, serial: number, hex: string): RecordedManifest['images'][number]['labels'] {
  const team = serial % TEAMS
  const found: [string, string][] = [
    ['org.opencontainers.image.revision', hex.slice(0, 40)],
    ['build.id', hex.slice(40)],
    ['org.opencontainers.image.source', `https://git.example.com/component-${repository}`],
    ['org.opencontainers.image.version', `${1 + (serial % 9)}.${serial % 100}.0`],
  ]
  if (serial % 10 < 9) found.push(['team', `team-${team}`])
  // No image of team-0 has the licence of team-1: each is frequent, both together find nothing.
  if (serial % 10 < 7)
    found.push(['org.opencontainers.image.licenses', team === 1 ? 'GPL-3.0' : team === 0 ? 'MIT' : 'Apache-2.0'])
  for (let at = 0; found.length < 10; at++)
    found.push([`com.example.key-${(serial * 3 + at * 5) % COMMON_KEYS}`, `value-${serial % 7}`])
  return [...new Map(found)].map(([key, value]) => ({ key, value, origin: 'config' as const }))
}
