import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { describeEachDatabase } from '../store/testing/each-database.ts'
import { appendEntry } from './append-entry.ts'
import type { NewEntry } from './audit-entry.ts'
import { countOutcomes } from './count-outcomes.ts'
import { verifyLog } from './verify-log.ts'

const key = randomBytes(32)
const entry = (tag: string): NewEntry => ({
  at: 1_764_400_000_000,
  phase: 'intent',
  intent: null,
  actor: 'anna',
  rights: 'admin',
  address: '127.0.0.1',
  request: null,
  job: null,
  action: 'move-tag',
  registry: 'hub',
  repository: 'team/app',
  tag,
  digest_before: null,
  digest_after: null,
  outcome: null,
  reason: null,
  detail: null,
})

describeEachDatabase('the audit log', (databases) => {
  const opened = async (rows: number) => {
    const store = await openStore(await databases.create())
    for (let row = 1; row <= rows; row++) await appendEntry(store, key, entry(`v${row}`))
    return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() })
  }

  it('refuses to change or remove a row, and to forget its length', async () => {
    await using store = await opened(2)
    for (const statement of [
      sql`update audit_entry set actor = 'bo' where seq = 1`,
      sql`delete from audit_entry where seq = 2`,
      sql`delete from audit_head`,
    ])
      await expect(statement.execute(store.write)).rejects.toThrow('the audit log can only be added to')
    expect(await verifyLog(store, key)).toMatchObject({ state: 'intact', rows: 2 })
  })

  it('chains rows that many writers add at once', async () => {
    await using store = await opened(0)
    await Promise.all(Array.from({ length: 30 }, (_, index) => appendEntry(store, key, entry(`v${index}`))))
    expect(await verifyLog(store, key)).toMatchObject({ state: 'intact', rows: 30 })
  })

  it('counts recent actions by outcome', async () => {
    await using store = await opened(0)
    const add = (at: number, more: Partial<NewEntry>) => appendEntry(store, key, { ...entry('x'), at, ...more })
    for (let at = 1; at <= 5; at++) await add(at, { phase: 'refusal', outcome: 'refused' })
    const { seq } = await add(6, {})
    await add(7, { phase: 'outcome', intent: seq, outcome: 'done' })
    await add(8, {})
    await add(9, { phase: 'event', outcome: 'done' })
    const count = async (since: number) => Object.fromEntries(await countOutcomes(store, since))
    expect(await count(0)).toEqual({ refused: 5, done: 2, running: 1 })
    expect(await count(4)).toEqual({ refused: 2, done: 2, running: 1 })
    expect(await count(9)).toEqual({ done: 1 })
    expect(await count(10)).toEqual({})
  })

  const attacks: readonly (readonly [string, readonly string[], number])[] = [
    ['an edited row', ["update audit_entry set actor = 'bo' where seq = 3"], 3],
    ['a removed row', ['delete from audit_entry where seq = 3'], 3],
    [
      'two rows that changed places',
      [
        'update audit_entry set seq = 100 where seq = 2',
        'update audit_entry set seq = 2 where seq = 3',
        'update audit_entry set seq = 3 where seq = 100',
      ],
      2,
    ],
    ['a log that was cut short', ['delete from audit_entry where seq > 3'], 4],
    [
      'a log that was cut short together with its head',
      [
        'delete from audit_entry where seq > 3',
        'update audit_head set seq = 3, hash = (select hash from audit_entry where seq = 3)',
      ],
      3,
    ],
    ['a row past its head', ['update audit_head set seq = 4'], 5],
  ]
  it.each(attacks)('verification names the first broken row of %s', async (_, statements, row) => {
    await using store = await opened(5)
    await withoutTriggers(store, statements)
    expect(await verifyLog(store, key)).toMatchObject({ state: 'broken', row })
  })

  it('verification detects a head signed with another secret', async () => {
    await using store = await opened(2)
    expect(await verifyLog(store, randomBytes(32))).toMatchObject({ state: 'broken', row: 2 })
  })
})

/** As somebody could who owns the database. */
async function withoutTriggers(store: Store, statements: readonly string[]): Promise<void> {
  const before =
    store.dialect.name === 'sqlite'
      ? ['drop trigger audit_entry_is_not_updated', 'drop trigger audit_entry_is_not_deleted']
      : ['alter table audit_entry disable trigger all']
  for (const statement of [...before, ...statements]) await sql.raw(statement).execute(store.write)
}
