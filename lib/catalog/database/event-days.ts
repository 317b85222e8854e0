import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

export interface EventDay {
  /** Days since the epoch, in UTC. */
  readonly day: number
  readonly came: number
  readonly went: number
}

const DAY = 86_400_000

/** How many tags of a repository appeared or moved, and were deleted, on each day with changes. @throws StoreError */
export async function eventDays(
  { store, repositories }: CatalogDatabase,
  { visibility, from, ...place }: Place & { visibility: Visibility; from: number },
): Promise<readonly EventDay[]> {
  const found = (await repositories.visible(visibility)).at(place)
  if (!found) return []
  const { rows } = await sql<{ day: number; came: number; went: number }>`
    select at / ${sql.lit(DAY)} as day,
      sum(case when kind = 'gone' then 0 else 1 end) as came, sum(case when kind = 'gone' then 1 else 0 end) as went
    from tag_event where repository_id = ${found.id} and at >= ${from} and kind <> 'seen'
    group by 1 order by 1`.execute(store.read)
  return rows.map(({ day, came, went }) => ({ day: Number(day), came: Number(came), went: Number(went) }))
}

/** When the repository was first seen by the catalog. @throws StoreError */
export async function recordedSince(
  { store, repositories }: CatalogDatabase,
  { visibility, ...place }: Place & { visibility: Visibility },
): Promise<{ readonly firstSeen: number; readonly lookedAt?: number } | undefined> {
  const found = (await repositories.visible(visibility)).at(place)
  if (!found) return undefined
  const { first_seen, looked_at } = await store.read
    .selectFrom('repository')
    .select(['first_seen', 'looked_at'])
    .where('id', '=', found.id)
    .executeTakeFirstOrThrow()
  return { firstSeen: first_seen, ...(looked_at !== null && { lookedAt: looked_at }) }
}
