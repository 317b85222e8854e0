import type { JobError, JobErrorCode } from '../jobs/job-error.ts'
import type { Problem } from './problem.ts'
import { sentence } from './sentence.ts'

const TEXTS = {
  'too-many': {
    title: 'Too many jobs are waiting',
    advice: 'Wait until other jobs finish, or cancel some on the Jobs page.',
  },
  'unknown-kind': {
    title: 'This job can’t run here',
    advice: 'Another version of Lading may have created it. Start it again.',
  },
  downloads: {
    title: 'Too many downloads at once',
    advice: 'Wait until one finishes, or cancel one, then try again.',
  },
  uploads: {
    title: 'Too many uploads at once',
    advice: 'Wait until one finishes, or cancel one, then try again.',
  },
  streams: {
    title: 'Too many pages are open',
    advice: 'Close some, then reload this one. Until then it doesn’t update while it’s open.',
  },
  partly: {
    title: 'Not everything was copied',
    advice: 'What was copied is kept. Retry copies only the rest.',
  },
} as const satisfies Record<JobErrorCode, Omit<Problem, 'code' | 'detail'>>

export function jobProblem({ code, message }: JobError): Problem {
  return { code: `job.${code}`, ...TEXTS[code], detail: sentence(message) }
}
