import { ProtectedError } from '../../access/protected-error.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { sentence } from '../../problem/sentence.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { ItemResult } from './record-outcome.ts'

/** What changed after planning, or is protected, was left alone; everything else is a failure. @throws AccessError */
export function failedItem(error: unknown): ItemResult {
  const none = { removed: [], undo: [] }
  if (isRegistryError(error, 'conflict'))
    return {
      outcome: 'moved',
      ...none,
      detail: `${sentence(error.message)} It changed after the plan was made, so it was left alone.`,
    }
  if (error instanceof ProtectedError)
    return { outcome: 'moved', ...none, detail: `${sentence(error.message, [error.tag])} It was left alone.` }
  if (!isRegistryError(error)) throw error
  const problem = problemOf(error)
  const isOff = isRegistryError(error, 'deletes-disabled')
  return { outcome: 'failed', ...none, detail: problem.detail, ...(isOff && { refusal: problem }) }
}
