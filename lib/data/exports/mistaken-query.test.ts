import { expect, test } from 'vitest'
import { eachAudited } from '../audit/read-audit.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { exportLabelReport } from './export-label-report.ts'
import { exportSearch } from './export-search.ts'

startDataLayer('SQLite')
const LABELS = { view: 'matrix', rows: 'newest', keys: [], key: null, page: 1, after: null } as const

test.each([
  ['a wrong unit', 'tag:1.* age:>90x'],
  ['an unknown qualifier', 'nosuch:thing'],
  ['an open parenthesis', '(a or b'],
  ['an open quote', '"open'],
  ['too many characters', 'x'.repeat(1_001)],
])('an export of a query with %s is refused with the mistake, and isn’t an export of something else', async (_, q) => {
  const refused = { code: 'pattern', cause: { message: expect.stringMatching(/./) } }
  await expect(exportSearch(anna, { q, sort: 'repository', referrers: false })).rejects.toMatchObject(refused)
  await expect(exportLabelReport(anna, { ...LABELS, q })).rejects.toMatchObject(refused)
})

test.each(['action:nope', 'user:', 'size:>1GiB'])('an export of the audit log by %s is refused likewise', async (q) => {
  await expect(eachAudited(anna, q).next()).rejects.toMatchObject({ code: 'pattern' })
})
