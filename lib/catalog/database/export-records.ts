import type { Store } from '../../store/store.ts'
import { originalText } from './stored-text.ts'

/** Data that no registry can restore: added labels, and the history of tags. Times are RFC 3339. */
export interface CatalogRecord {
  readonly type: 'added-label' | 'tag-event'
  readonly registry: string
  readonly repository: string
  readonly [column: string]: string | null
}

const AT_ONCE = 5_000

/** All of them, some at a time: labels by id, then events from the oldest to the newest. @throws StoreError */
export async function* exportRecords(store: Store): AsyncGenerator<readonly CatalogRecord[], void> {
  for (let last = ''; ; ) {
    const rows = await labelsAfter(store, last)
    if (rows.length === 0) break
    last = rows.at(-1)?.id ?? last
    yield rows.map(({ value, created_at, ...row }) => ({
      type: 'added-label',
      ...row,
      value: originalText(value),
      created: iso(created_at),
    }))
  }
  for (let last = 0; ; ) {
    const rows = await eventsAfter(store, last)
    if (rows.length === 0) break
    last = rows.at(-1)?.id ?? last
    yield rows.map(({ id: _, at, since, ...row }) => ({
      type: 'tag-event',
      ...row,
      at: iso(at),
      since: since === null ? null : iso(since),
    }))
  }
}

async function labelsAfter({ read, dialect }: Store, last: string) {
  return read
    .selectFrom('added_label as l')
    .innerJoin('repository as r', 'r.id', 'l.repository_id')
    .innerJoin('registry as g', 'g.id', 'r.registry_id')
    .select(['l.id', 'g.name as registry', 'r.name as repository', 'l.key', 'l.value', 'l.media_type'])
    .select((eb) => dialect.digestText(eb.ref('l.digest')).as('digest'))
    .select(['l.source', 'l.created_by', 'l.created_at', 'l.published'])
    .where('l.id', '>', last)
    .orderBy('l.id')
    .limit(AT_ONCE)
    .execute()
}

async function eventsAfter({ read, dialect }: Store, last: number) {
  return read
    .selectFrom('tag_event as e')
    .innerJoin('repository as r', 'r.id', 'e.repository_id')
    .innerJoin('registry as g', 'g.id', 'r.registry_id')
    .leftJoin('manifest as f', 'f.id', 'e.from_manifest_id')
    .leftJoin('manifest as t', 't.id', 'e.to_manifest_id')
    .select(['e.id', 'g.name as registry', 'r.name as repository', 'e.tag', 'e.kind', 'e.at', 'e.since', 'e.how'])
    .select('e.actor')
    .select((eb) => [
      dialect.digestText(eb.ref('f.digest')).$castTo<string | null>().as('from'),
      dialect.digestText(eb.ref('t.digest')).$castTo<string | null>().as('to'),
    ])
    .where('e.id', '>', last)
    .orderBy('e.id')
    .limit(AT_ONCE)
    .execute()
}

function iso(milliseconds: number): string {
  return new Date(Number(milliseconds)).toISOString()
}
