import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordRepositories } from '../../catalog/database/repository-ids.ts'
import { theStore } from '../../store/the-store.ts'
import { anna } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'

recordHub([
  ['team/api', { tags: ['1.0'], labels: { team: 'quay' } }],
  ['team/web', { tags: ['1.0'], labels: { team: 'harbour' } }],
])
const STATE = { q: '', view: 'matrix', keys: ['team'], key: null, page: 1, after: null } as const

test.each(['all', 'newest'] as const)('an export of %s rows leaves the readers of pages alone', async (rows) => {
  const { exportLabelReport } = await import('./export-label-report.ts')
  const { pages } = await exportLabelReport(anna, { ...STATE, rows })
  const values = async () => {
    const found: unknown[] = []
    for await (const page of pages) found.push(...page.map((row) => row['label:team']))
    return found.flat().toSorted()
  }
  const slow = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select sum(i) from n`
  const report = slow.execute((await theStore()).readAll).then(() => 'an earlier report')
  const exported = values()
  expect(await Promise.race([report, exported])).toBe('an earlier report')
  expect(await exported).toEqual(['harbour', 'quay'])
})

test('an export says which repositories haven’t been read: their labels aren’t missing', async () => {
  const { exportLabelReport } = await import('./export-label-report.ts')
  await recordRepositories(await theStore(), 'hub', ['team/new'], Date.now())
  const { pages } = await exportLabelReport(anna, { ...STATE, rows: 'newest' })
  const rows: unknown[] = []
  for await (const page of pages) rows.push(...page)
  expect(rows).toHaveLength(3)
  expect(rows.at(-1)).toEqual({
    registry: 'hub',
    repository: 'team/new',
    tag: null,
    digest: null,
    'label:team': ['not read'],
  })
})
