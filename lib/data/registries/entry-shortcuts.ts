import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { reportDatabase } from '../../catalog/database/catalog-database.ts'
import { catalogVersion, KeptResults } from '../../catalog/database/kept-results.ts'
import { type Judged, judgeRepositories } from '../../catalog/database/matching-names.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { processWide } from '../../config/process-wide.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { countBelow } from './tree.ts'

export interface EntryShortcut {
  readonly name: string
  /** As it would be typed above the list. */
  readonly q: string
  /** Repositories of the place that it finds, as far as they have been read. */
  readonly count?: number
  readonly isLowerBound?: boolean
}

/** What platform teams ask for first. */
export const ENTRY_SHORTCUTS: readonly EntryShortcut[] = [
  { name: 'Not signed', q: '-has:signature' },
  { name: 'No licence', q: '-label:org.opencontainers.image.licenses' },
  { name: 'Newest over 90 d', q: 'age:>90d' },
  { name: 'Over 1 GiB', q: 'size:>1GiB' },
]

/** Registries as people with the same rights see them, whose matches are kept. */
const KEPT = 50
/** Milliseconds that they are kept while the catalog doesn’t change: the age of images does. */
const HOLDS_FOR = 60_000

/**
 * The shortcuts with what they find below a path. Counting gives way to the reading of pages, and its result is kept: see
 * `KeptResults`.
 * @param sorted the repositories that the actor may see, by code unit
 * @throws StoreError
 */
export async function countShortcuts(
  actor: Actor,
  registry: string,
  sorted: readonly RepositoryName[],
  prefix: string,
): Promise<readonly EntryShortcut[]> {
  const judged = await judgedOf(actor, registry)
  return ENTRY_SHORTCUTS.map((shortcut, at) => {
    const { found, unknown } = judged[at] ?? NOTHING
    const count = countBelow(sorted, prefix, found)
    const isLowerBound = countBelow(sorted, prefix, unknown) > 0
    // Nothing of what little has been read.
    return count === 0 && isLowerBound ? shortcut : { ...shortcut, count, isLowerBound }
  })
}

const NOTHING: Judged = { found: new Set(), unknown: new Set() }

/** What each shortcut finds in the whole registry. */
async function judgedOf(actor: Actor, registry: string): Promise<readonly Judged[]> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const kept = processWide(
    'entry-shortcuts',
    () => new KeptResults<readonly Judged[]>({ most: KEPT, holdsFor: HOLDS_FOR }),
  )
  const key = JSON.stringify([registry, visibility.get(registry)])
  const queries = ENTRY_SHORTCUTS.map(({ q }) => typedQuery(q).query)
  return kept.find(key, await catalogVersion(database.store), () =>
    judgeRepositories(reportDatabase(database), { visibility, registry }, { queries, now: Date.now() }),
  )
}
