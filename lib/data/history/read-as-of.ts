import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { type TagAsOf, tagsAsOf } from '../../catalog/database/tags-as-of.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { pageOf } from '../../format/page-of.ts'
import type { Place } from '../../oci/place.ts'
import { openRepository } from '../registries/open.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { historyKeptSince } from './prune-history.ts'
import { type RepositoryHistory, readDays } from './read-history.ts'

export type { TagAsOf } from '../../catalog/database/tags-as-of.ts'

const PAGE_SIZE = 100
const DAY = 86_400_000

export interface AsOfPage {
  /** `2026-11-12`: the end of that day, UTC. */
  readonly day: string
  readonly counts: {
    readonly was: number
    readonly is: number
    readonly appeared: number
    readonly gone: number
    readonly moved: number
    readonly uncertain: number
    /** All tags that are listed, and those that differ from now. */
    readonly all: number
    readonly differing: number
  }
  /** Tags that differ from now, by kind first; with all tags, by version. */
  readonly rows: readonly TagAsOf[]
  readonly matching: number
  readonly page: number
  readonly size: number
  readonly days: RepositoryHistory['days']
  /** ISO 8601. Absent: nothing is recorded of the repository. */
  readonly recordedSince?: string
  /** Nothing was recorded yet: only what hasn't changed since is known. */
  readonly isBeforeRecord: boolean
}

/** The tags of a repository as they were at the end of a day. @throws AccessError, StoreError */
export async function readAsOf(
  actor: Actor,
  place: Place,
  { asOf: day, all, page: wanted }: { readonly asOf: string; readonly all: boolean; readonly page: number },
): Promise<AsOfPage> {
  openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  const database = await theCatalogDatabase()
  const at = Math.min(Date.parse(day) + DAY - 1, Date.now())
  const [found, days] = await Promise.all([
    tagsAsOf(database, { visibility: searchVisibility(actor), place, at }),
    readDays(actor, place),
  ])
  const { tags = [] } = found ?? {}
  const recordedSince = found && Math.max(found.recordedSince, historyKeptSince() ?? 0)
  const differing = tags.filter(differs).toSorted((a, b) => KINDS.indexOf(kindOf(a)) - KINDS.indexOf(kindOf(b)))
  const shown = all ? tags : differing
  const { items: rows, total: matching, page, size } = pageOf(shown, wanted, PAGE_SIZE)
  const count = (wantedKind: ReturnType<typeof kindOf>) => tags.filter((tag) => kindOf(tag) === wantedKind).length
  return {
    day,
    counts: {
      was: tags.filter(({ was }) => was !== undefined).length,
      is: tags.filter(({ now }) => now !== undefined).length,
      appeared: count('appeared'),
      gone: count('gone'),
      moved: count('moved'),
      uncertain: tags.filter(({ isUncertain }) => isUncertain).length,
      all: tags.length,
      differing: differing.length,
    },
    rows,
    matching,
    page,
    size,
    days,
    ...(recordedSince && { recordedSince: new Date(recordedSince).toISOString() }),
    isBeforeRecord: recordedSince !== undefined && at < recordedSince,
  }
}

const KINDS = ['moved', 'gone', 'appeared', 'same'] as const

function kindOf({ was, now }: TagAsOf): (typeof KINDS)[number] {
  if (was === undefined) return 'appeared'
  if (now === undefined) return 'gone'
  return was === now ? 'same' : 'moved'
}

function differs(tag: TagAsOf): boolean {
  return kindOf(tag) !== 'same' || tag.isUncertain
}
