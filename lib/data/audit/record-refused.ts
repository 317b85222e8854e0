import { type AccessErrorCode, isAccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { addressGroup } from '../../access/connection.ts'
import { RIGHTS, type Verb } from '../../access/rights.ts'
import type { AuditAction, AuditSubject } from '../../audit/audit-entry.ts'
import { recordRefusal } from '../../audit/record.ts'
import { processWide } from '../../config/process-wide.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { foldRefusals } from './fold-refusals.ts'
import { sourceOf } from './source-of.ts'

/** Refusals recorded where they happened, with more detail than the error has. */
const recorded = () => processWide('recorded-refusals', () => new WeakSet<object>())

/** Marks the refusal as already recorded. */
export function noteRecorded(error: unknown): void {
  if (typeof error === 'object' && error !== null) recorded().add(error)
}

/**
 * Records a request that was refused for lack of rights. One that can't be recorded is refused all the same.
 * @param actor undefined where it isn't known who sent the request
 */
export async function recordRefused(actor: Actor | undefined, error: unknown, subject: AuditSubject): Promise<void> {
  noteRecorded(error)
  const source = sourceOf(actor)
  const problem = { code: problemOf(error).code }
  const person = source.actor ?? addressGroup(source.address ?? 'unknown')
  await foldRefusals().take(person, (leftOut) =>
    recordRefusal(source, { ...subject, detail: { ...subject.detail, problem, ...(leftOut > 0 && { leftOut }) } }),
  )
}

/** Runs the work of a request, and records a refusal that happens before any change. */
export async function recordingRequest<T>(actor: Actor | undefined, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isAccessError(error) && !recorded().has(error)) {
      const { code, verb, scope } = error
      if (isWorthRecording(code, verb))
        await recordRefused(actor, error, {
          action: actionOf(code, verb),
          registry: scope?.registry,
          repository: scope?.repository,
          tag: scope?.tag,
        })
    }
    throw error
  }
}

/** An open page of somebody whose session has ended keeps asking: what only needs signing in again is no attempt. */
function isWorthRecording(code: AccessErrorCode, verb: Verb | undefined): boolean {
  if (code === 'sign-in') return verb !== undefined && RIGHTS[verb].changes
  return RECORDED.includes(code)
}

const RECORDED: readonly AccessErrorCode[] = ['denied', 'read-only', 'foreign-origin', 'token', 'token-scope']

function actionOf(code: AccessErrorCode, verb: Verb | undefined): AuditAction {
  if (code === 'token') return 'use-token'
  return verb === undefined ? 'send-request' : ACTIONS[verb]
}

const ACTIONS: Readonly<Record<Verb, AuditAction>> = {
  browse: 'read',
  export: 'export',
  audit: 'read',
  load: 'load-archive',
  'create-tag': 'move-tag',
  'edit-labels': 'edit-labels',
  'overwrite-tag': 'move-tag',
  'preview-deletion': 'delete-tag',
  delete: 'delete-tag',
  restore: 'restore',
  manage: 'edit-protection',
}
