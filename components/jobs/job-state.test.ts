import { expect, test } from 'vitest'
import type { JobView } from '@/lib/data/jobs/jobs'
import { isStarting, jobState } from './job-state'

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

test('a plan that hasn’t counted its images yet is starting', () => {
  const plan = (state: JobView['state'], total: number) =>
    isStarting({ kind: 'plan', state, progress: { done: 0, total, counts: {} } } as JobView)
  expect(plan('running', 0)).toBe(true)
  expect(plan('running', 8)).toBe(false)
  expect(plan('queued', 0)).toBe(false)
  expect(plan('done', 0)).toBe(false)
})
