import type { RecordError, RecordErrorCode } from '../store/record-error.ts'
import type { Problem } from './problem.ts'
import { sentence } from './sentence.ts'

const TEXTS: Readonly<Record<RecordErrorCode, Pick<Problem, 'title' | 'advice'>>> = {
  'name-taken': { title: 'This name is taken', advice: 'Choose another name.' },
  'too-many': { title: 'There can’t be more of them', advice: 'Remove one that isn’t needed any more.' },
  changed: {
    title: 'It was changed after you opened it',
    advice: 'Nothing was saved. Check what is there now, then save again.',
  },
  'plan-changed': {
    title: 'The plan’s selection has changed',
    advice: 'The plan hasn’t started. Check what’s selected now, then confirm again.',
  },
  running: { title: 'It’s already running', advice: 'Wait until it has ended.' },
}

export function recordProblem({ code, message }: RecordError): Problem {
  return { code: `record.${code}`, ...TEXTS[code], detail: sentence(message) }
}
