import { expect, it } from 'vitest'
import { jobWorks } from './jobs/job-queue.ts'

it('a process that has just started can continue every kind of job that another has left', async () => {
  await import('./background-work.ts')
  const kinds = ['check', 'copy', 'copy-tags', 'plan', 'retention', 'settle', 'sync']
  expect(Object.keys(jobWorks()).sort()).toEqual(kinds)
})
