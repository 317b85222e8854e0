import { expect, test } from 'vitest'
import type { JobProgress } from '../../jobs/job.ts'
import { publishWait } from '../../registry/waits.ts'
import { reportingWaits } from './report-waits.ts'

const HALF: JobProgress = { done: 5, total: 10, counts: { failed: 1 } }

/** What a job that had come half way reports when it's taken up again. */
function reportsOf(work: (report: (progress: JobProgress) => void) => void): JobProgress[] {
  const reports: JobProgress[] = []
  const context = {
    signal: new AbortController().signal,
    report: (progress: JobProgress) => void reports.push(progress),
    add() {},
    postpone: (): never => {
      throw new Error('The job is put off')
    },
  }
  reportingWaits({ progress: HALF }, context, ({ report }) => work(report))
  return reports
}

const wait = (seconds: number) => publishWait({ registry: 'hub', until: Date.now() + 1000 * seconds })

test('a job that is held up before it reports anything keeps the progress that it had', () => {
  expect(reportsOf(() => wait(5))).toMatchObject([{ ...HALF, held: { registry: 'hub' } }])
})

test('a job reports a wait once for all requests that are held up, and a short one not at all', () => {
  expect(reportsOf(() => wait(1))).toEqual([])
  const reports = reportsOf((report) => {
    for (let request = 0; request < 8; request++) wait(5)
    report({ ...HALF, done: 6 })
    wait(30)
  })
  expect(reports.map(({ done, held }) => [done, held?.registry])).toEqual([
    [5, 'hub'],
    [6, 'hub'],
    [6, 'hub'],
  ])
})

test('a wait of another job’s request is not reported', () => {
  expect(reportsOf(() => reportsOf(() => wait(5)))).toEqual([])
})
