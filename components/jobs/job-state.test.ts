import { expect, test } from 'vitest'
import type { JobView } from '@/lib/data/jobs/jobs'
import { jobState } from './job-state'

const job = (more: Partial<JobView>) =>
  jobState({ kind: 'retention', state: 'done', progress: { done: 4, total: 4, counts: {} }, ...more } as JobView).text

test('the job of a retention run that stopped, failed or left something doesn’t say that it is done', () => {
  const problem = { code: 'x', title: 'x', detail: 'x' }
  expect(job({ runState: 'done' })).toBe('Done')
  expect(job({ runState: 'stopped', problem })).toBe('Stopped')
  expect(job({ runState: 'failed', problem })).toBe('Failed')
  expect(job({ runState: 'done', problem })).toBe('Partly done')
  expect(job({ state: 'running', runState: 'running' })).toBe('Running')
})

test('the job of a plan that was paused or cancelled on its own page has stopped', () => {
  const plan = { id: 'x', work: 'delete' } as const
  expect(job({ kind: 'plan', plan })).toBe('Done')
  expect(job({ kind: 'plan', plan, progress: { done: 3, total: 4, counts: {} } })).toBe('Stopped')
})
