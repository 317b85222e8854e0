import { type Kysely, sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'
import { StoreError } from '../store-error.ts'
import type { Tables } from '../tables.ts'

/** A server renews its leases for as long as it runs. @throws StoreError `locked` */
export async function assertUnused(db: Kysely<Tables>, { now }: StoreDialect): Promise<void> {
  const { rows } = await sql<{ holder: string }>`
    select holder from lease where expires_at > ${now} and holder <> 'nobody'`.execute(db)
  const [held] = rows
  if (held)
    throw new StoreError(
      'locked',
      `Lading runs on this database (${held.holder}). Stop it, and wait 15 seconds where it was killed`,
    )
}
