import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'

/** Whether the tag `t` of a statement is in a visible repository of the same registry as this one. It may have 100,000 of them. */
export function isInSameRegistry(
  { dialect }: Store,
  { id, registry }: KnownRepository,
  visible: VisibleRepositories,
): RawBuilder<SqlBool> {
  const { list, isEverything } = visible.of(registry)
  if (!isEverything)
    return dialect.isOneOf(
      sql.ref('t.repository_id'),
      list.map((repository) => repository.id),
    )
  return sql<SqlBool>`exists (
    select 1 from repository r
    where r.id = t.repository_id and r.gone_at is null
      and r.registry_id = (select registry_id from repository where id = ${id})
  )`
}
