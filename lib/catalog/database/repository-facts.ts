import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'
import { IS_UNREAD } from './is-unread.ts'
import { type LeadTag, leadTags } from './lead-tags.ts'
import { repositoryState } from './repository-state.ts'

/** The facts in the head of a repository's page, as far as its tags have been read. */
export interface RepositoryFacts {
  /** Distinct manifests that its tags are on, and distinct bytes of their configs and layers. */
  readonly images: number
  readonly bytes: number
  /** Some image of its tags could not be read, or its config couldn't. */
  readonly isPartlyUnread: boolean
  readonly lead?: LeadTag
}

/** Undefined if nothing is known about it. Callers authorize. @throws StoreError */
export async function repositoryFacts(
  store: Store,
  place: Place,
  keys: readonly string[],
): Promise<RepositoryFacts | undefined> {
  const state = await repositoryState(store.read, place)
  if (!state) return undefined
  const [sums, leads] = await Promise.all([
    sql<{ images: number; bytes: number | null; unread: number }>`
      with shown as materialized (
        select distinct manifest_id from tag where repository_id = ${state.id} and manifest_id is not null
      )
      select (select count(*) from shown) as images, (
        select sum(size) from blob where id in (
          select mb.blob_id from shown
          join image i on i.manifest_id = shown.manifest_id
          join manifest_blob mb on mb.manifest_id = i.child_id and mb.is_foreign = 0
        )
      ) as bytes, (
        select count(*) from shown join manifest m on m.id = shown.manifest_id
        join image i on i.manifest_id = m.id where ${IS_UNREAD}
      ) + (
        select count(*) from tag where repository_id = ${state.id} and listed = 1 and known = 0
      ) as unread`.execute(store.read),
    leadTags(store, [state.id], keys),
  ])
  const lead = leads.get(state.id)
  const { images = 0, bytes = 0, unread = 0 } = sums.rows[0] ?? {}
  return { images, bytes: bytes ?? 0, isPartlyUnread: Number(unread) > 0, ...(lead && { lead }) }
}
