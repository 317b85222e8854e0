import { sql } from 'kysely'
import { type NewestTag, newestTag } from '../../image/inspect/newest-tag.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import { originalPushTimes } from './record-tag-list.ts'
import { repositoryState } from './repository-state.ts'
import { originalSummary } from './stored-summary.ts'
import { originalText } from './stored-text.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'

/** The newest of the listed tags, once everything that says so is known. @throws StoreError */
export async function readNewestTag({ read }: Store, place: Place): Promise<NewestTag | undefined> {
  const state = await repositoryState(read, place)
  if (!state || state.list_seen === null || state.list_partial !== null) return undefined
  const list = await read
    .selectFrom('repository')
    .select('list_pushed')
    .where('id', '=', state.id)
    .executeTakeFirstOrThrow()
  if (list.list_pushed !== null) {
    const rows = await read
      .selectFrom('tag')
      .select('name')
      .where('repository_id', '=', state.id)
      .where('listed', '=', 1)
      .execute()
    return newestTag(
      rows.map(({ name }) => name),
      new Map(),
      originalPushTimes(list.list_pushed),
    )
  }
  const { rows } = await sql<{ total: number; known: number; dated: number; newest: number | null }>`
    select count(*) as total, coalesce(sum(known), 0) as known,
      coalesce(sum(case when error is null and created > 0 then 1 else 0 end), 0) as dated,
      max(case when error is null then created end) as newest
    from tag where repository_id = ${state.id} and listed = 1`.execute(read)
  const { total = 0, known = 0, dated = 0, newest = null } = rows[0] ?? {}
  if (known < total || newest === null || newest <= 0) return undefined
  const found = await sql<{ name: Tag; summary: string | null }>`
    select t.name, m.summary from tag t join manifest m on m.id = t.manifest_id
    where t.repository_id = ${state.id} and t.listed = 1 and t.error is null and t.created = ${newest}
    order by ${NEWEST_TAG_FIRST} limit 1`.execute(read)
  const [row] = found.rows
  if (!row?.summary) return undefined
  const tag = row.name
  const { created } = originalSummary(tag, originalText(row.summary))
  return created === undefined
    ? undefined
    : { tag, time: created, compared: total, unknown: total - dated, evidence: 'image-created' }
}
