import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { catalogVersion, KeptResults } from '../../catalog/database/kept-results.ts'
import { type RepositorySummary, repositorySummaries } from '../../catalog/database/repository-summaries.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { processWide } from '../../config/process-wide.ts'
import type { EntryListState, EntryOrder } from '../../routes/entry-list-query.ts'
import { countFindings } from '../policy/count-findings.ts'
import type { TreeEntry } from './tree.ts'

/** Registries whose summaries are kept. */
const KEPT = 50

/** Repositories in the order that a page asks for; unknown values come last. @throws AccessError, StoreError */
export async function inOrder(
  actor: Actor,
  registry: string,
  entries: readonly TreeEntry[],
  { order = 'name', orderDir = 'desc' }: Pick<EntryListState, 'order' | 'orderDir'>,
): Promise<readonly TreeEntry[]> {
  if (order === 'name' || order === 'path') return orderDir === 'asc' ? entries.toReversed() : entries
  authorizeRecords(actor, { registry })
  const rankOf = await ranks(actor, registry, order)
  const sign = orderDir === 'asc' ? 1 : -1
  return entries
    .map((entry, position) => ({ entry, position, rank: rankOf(entry.path) }))
    .sort((a, b) => {
      if (a.rank === undefined || b.rank === undefined)
        return Number(a.rank === undefined) - Number(b.rank === undefined) || a.position - b.position
      return sign * (a.rank - b.rank) || a.position - b.position
    })
    .map(({ entry }) => entry)
}

async function ranks(
  actor: Actor,
  registry: string,
  order: Exclude<EntryOrder, 'name' | 'path'>,
): Promise<(path: string) => number | undefined> {
  if (order === 'findings') {
    const findings = await countFindings(actor, registry)
    return (path) => findings?.get(path)?.count ?? 0
  }
  const summaries = await summariesOf(registry)
  if (order === 'signed')
    return (path) => {
      const signed = summaries.get(path)?.signed
      return signed === undefined ? undefined : Number(signed)
    }
  return (path) => summaries.get(path)?.[order]
}

type Summaries = ReadonlyMap<string, RepositorySummary>

async function summariesOf(registry: string): Promise<Summaries> {
  const database = await theCatalogDatabase()
  const kept = processWide('repository-summaries', () => new KeptResults<Summaries>({ most: KEPT }))
  return kept.find(registry, await catalogVersion(database.store), () => repositorySummaries(database, registry))
}
