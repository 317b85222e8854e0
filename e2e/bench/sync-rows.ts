import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syncRegistry } from '../../lib/catalog/sync/sync-registry.ts'
import { cached } from '../../lib/registry/cache/cached.ts'
import { ContentCache } from '../../lib/registry/cache/content-cache.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { collect } from '../../lib/registry/listing.ts'
import { openStore, type StoreLocation } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { startPostgres } from '../../lib/testing/servers/postgres.ts'
import type { Limit } from './limit.ts'
import { timed } from './measure.ts'
import { REPOSITORIES, SEEDED_TAGS } from './seed.ts'
import type { Row } from './table.ts'

/** A sync of the whole registry into each database, and again with nothing changed, beside a bare crawl of it. */
export async function syncRows(url: string, limit: Limit): Promise<Row[]> {
  const rows: Row[] = []
  const folder = await mkdtemp(join(tmpdir(), 'lading-bench-sync-'))
  try {
    await using server = await startPostgres()
    const locations: StoreLocation[] = [
      { kind: 'sqlite', file: join(folder, 'lading.db') },
      { kind: 'postgres', url: await server.createDatabase() },
    ]
    // The registry reads its files for the first time.
    await limit.crawl()
    for (const location of locations) {
      const store = await openStore(location)
      try {
        const crawl = await timed(() => limit.crawl())
        const full = await timed(() => sync(store, url))
        const again = await timed(() => sync(store, url))
        const row = (what: string, value: number, factor: number): Row => ({
          name: `sync: ${location.kind}, ${REPOSITORIES} repositories, ${SEEDED_TAGS} tags${what}`,
          value,
          unit: 'ms',
          limit: crawl,
          target: { kind: 'ratio', factor },
        })
        rows.push(row('', full, 1.25), row(', nothing changed', again, 0.45))
      } finally {
        await store.close()
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return rows
}

async function sync(store: Store, url: string): Promise<void> {
  const registry = cached(createHttpRegistry({ name: 'bench', url }), new ContentCache())
  const { items } = await collect(registry.repositories())
  const { tags, failed } = await syncRegistry(
    store,
    registry,
    { sorted: items.toSorted() },
    { everything: true, signal: new AbortController().signal },
  )
  if (tags !== SEEDED_TAGS || failed > 0) throw new Error(`synced ${tags} tags, and ${failed} repositories failed`)
}
