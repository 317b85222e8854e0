import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { exportAudit } from '../audit/export-audit.ts'
import { eachAudited } from '../audit/read-audit.ts'
import { exportFindings } from '../policy/export-findings.ts'
import { ada, anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { exportActivity } from './export-activity.ts'
import { exportLabelReport } from './export-label-report.ts'
import { exportSearch } from './export-search.ts'

startDataLayer('SQLite')
const LABELS = { q: '', view: 'matrix', rows: 'newest', keys: [], key: null, page: 1, after: null } as const
const CHANGES = { q: '', change: 'any', how: 'any', by: '' } as const
const FINDINGS = { policy: null, kind: null, owner: null, repository: null, since: null, page: 1 } as const
const exportsOf = (actor: Actor) => [
  exportSearch(actor, { q: '', sort: 'repository', referrers: false }),
  exportLabelReport(actor, LABELS),
  exportFindings(actor, FINDINGS),
  exportActivity(actor, CHANGES),
]
const codesOf = async (exports: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(exports)).map((end) => (end.status === 'rejected' ? end.reason.code : 'exported'))

async function recordedExports(): Promise<number> {
  let count = 0
  for await (const _ of eachAudited(anna, 'action:export')) count++
  return count
}

test('a token for something else exports nothing, and is refused rather than given an empty file', async () => {
  expect(await codesOf(exportsOf({ ...anna, only: ['audit'] }))).toEqual(Array(4).fill('token-scope'))
  expect(await codesOf(exportsOf({ ...anna, only: ['browse', 'edit-labels'] }))).toEqual(Array(4).fill('token-scope'))
  expect(await codesOf([exportAudit({ ...anna, only: ['browse', 'export'] }, '', 'csv')])).toEqual(['token-scope'])
})

test('visitors who have to sign in export nothing, and write nothing to the audit log', async () => {
  const before = await recordedExports()
  const visitor: Actor = { kind: 'anonymous', role: 'none', grants: [], readOnly: false }
  expect(await codesOf(exportsOf(visitor))).toEqual(Array(4).fill('sign-in'))
  expect(await recordedExports()).toBe(before)
})

test('exports of one person fill the audit log no faster than their limit, and keep nobody else from exporting', async () => {
  const before = await recordedExports()
  let exported = 0
  const flood = async () => {
    for (; exported < 1_000; exported++) await exportActivity(anna, CHANGES)
  }
  await expect(flood()).rejects.toMatchObject({ code: 'too-many' })
  expect(exported).toBeGreaterThan(100)
  expect(await recordedExports()).toBe(before + exported)
  expect(await codesOf([exportActivity(ada, CHANGES)])).toEqual(['exported'])
})
