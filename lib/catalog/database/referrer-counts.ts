import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import type { ReferrerCounts, Seen } from '../catalog.ts'
import { repositoryId } from './repository-ids.ts'
import { repositoryState } from './repository-state.ts'
import type { SteadyClock } from './steady-clock.ts'
import { textHash } from './stored-text.ts'

/** How many referrers of each kind a subject had when they were last counted. @throws StoreError */
export async function readReferrerCounts(
  { read }: Store,
  clock: SteadyClock,
  place: Place,
  subject: string,
): Promise<Seen<ReferrerCounts> | undefined> {
  const state = await repositoryState(read, place)
  if (!state) return undefined
  const row = await read
    .selectFrom('referrer_count')
    .select(['counts', 'seen_at', 'generation'])
    .where('repository_id', '=', state.id)
    .where('subject_hash', '=', textHash(subject))
    .executeTakeFirst()
  // Only `recordReferrerCounts` writes it.
  return row && clock.seen(JSON.parse(row.counts) as ReferrerCounts, row.seen_at, row.generation !== state.generation)
}

/** @throws StoreError */
export async function recordReferrerCounts(
  { write, dialect }: Store,
  clock: SteadyClock,
  place: Place,
  subject: string,
  counts: ReferrerCounts,
): Promise<void> {
  const at = clock.now()
  await write.transaction().execute(async (db) => {
    const id = await repositoryId(db, dialect, place, at)
    const { generation } = await db
      .selectFrom('repository')
      .select('generation')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const row = { counts: JSON.stringify(counts), seen_at: at, generation }
    await db
      .insertInto('referrer_count')
      .values({ repository_id: id, subject_hash: textHash(subject), ...row })
      .onConflict((conflict) => conflict.columns(['repository_id', 'subject_hash']).doUpdateSet(row))
      .execute()
  })
}
