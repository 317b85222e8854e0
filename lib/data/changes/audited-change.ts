import { isAccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { ProtectedError } from '../../access/protected-error.ts'
import type { Verb } from '../../access/rights.ts'
import type { AuditAction, AuditEntry, AuditOutcome, AuditSubject } from '../../audit/audit-entry.ts'
import { recordIntent, recordOutcome } from '../../audit/record.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isOutage } from '../../registry/errors.ts'
import { noteRecorded, recordRefused } from '../audit/record-refused.ts'
import { sourceOf } from '../audit/source-of.ts'
import type { ProtectionRule } from '../protection/protection-rule.ts'
import type { ChangeTarget } from './change-target.ts'
import type { TakenAway } from './safekeeping.ts'

/** What a change adds to its outcome, unknown when it begins. */
export type OutcomeNote = Pick<AuditSubject, 'before' | 'after' | 'detail'>

/** The audit log's side of one change: an intent for each repository before it is written to, and an outcome for each. */
export class AuditedChange {
  readonly #actor: Actor
  readonly #intents: AuditEntry[] = []
  #note: OutcomeNote = {}

  constructor(actor: Actor) {
    this.#actor = actor
  }

  /** @throws AuditError, and then nothing may be written to the registry */
  async begin(verb: Verb, target: ChangeTarget, overridden?: ProtectionRule): Promise<void> {
    const { reason, ...subject } = subjectOf(verb, target)
    const overrides = overridden && { reason, detail: { ...subject.detail, overrides: overridden.name } }
    this.#intents.push(await recordIntent(sourceOf(this.#actor), { ...subject, ...overrides }))
  }

  note(note: OutcomeNote): void {
    this.#note = { ...this.#note, ...note }
  }

  async end(verb: Verb, taken: readonly TakenAway[]): Promise<void> {
    const isUndone = verb === 'delete' && !taken.some(({ wasTaken }) => wasTaken)
    await this.#endAll(isUndone ? 'failed' : 'done', taken)
  }

  /** @param taken absent if the work hasn't begun */
  async fail(error: unknown, taken?: readonly TakenAway[]): Promise<void> {
    const { code, title, detail } = problemOf(error)
    const problem = { code, title, detail }
    this.note({ detail: { ...this.#note.detail, problem } })
    if (isRefusal(error)) noteRecorded(error)
    const isOpen = taken !== undefined && isOutage(error)
    await this.#endAll(isRefusal(error) ? 'refused' : isOpen ? 'unknown' : 'failed', taken ?? [])
  }

  /** The change has happened, or not: an outcome that can't be written leaves its intent open, which the log shows. */
  async #endAll(outcome: AuditOutcome, taken: readonly TakenAway[]): Promise<void> {
    for (const intent of this.#intents)
      await recordOutcome(intent, outcome, this.#outcomeOf(intent, taken)).catch((error) =>
        console.error(`The outcome of row ${intent.seq} of the audit log can’t be recorded: ${outcome}`, error),
      )
  }

  #outcomeOf({ registry, repository, tag }: AuditEntry, taken: readonly TakenAway[]): OutcomeNote {
    const here = taken.filter((one) => one.registry === registry && one.repository === repository)
    const own = tag === null ? here : here.filter(({ tags }) => tags.some((name) => name === tag))
    const [only] = own.length === 1 ? own : []
    const listed = here.map(({ tags, digest, outcome }) => ({ tags, digest, outcome }))
    return {
      before: this.#note.before ?? only?.digest,
      after: this.#note.after ?? only?.replacement,
      ...((listed.length > 0 || this.#note.detail) && {
        detail: { ...this.#note.detail, ...(listed.length > 0 && { tookAway: listed }) },
      }),
    }
  }
}

/** Runs work that may refuse, and records the refusal. One that can't be recorded still refuses. */
export async function recordingRefusal<T>(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isRefusal(error)) await recordRefused(actor, error, subjectOf(verb, target))
    throw error
  }
}

function subjectOf(verb: Verb, { registry, repository, tag, tags, reason, audit }: ChangeTarget): AuditSubject {
  const action = ACTIONS[verb] ?? 'move-tag'
  const affected = tags && tags.length > 0 ? { detail: { tags: tags.slice(0, 1_000) } } : {}
  return {
    action: action === 'delete-tag' && tag === undefined ? 'delete-image' : action,
    registry,
    repository,
    tag,
    reason,
    ...affected,
    ...audit,
  }
}

const ACTIONS: Readonly<Partial<Record<Verb, AuditAction>>> = {
  delete: 'delete-tag',
  restore: 'restore',
  load: 'load-archive',
  'edit-labels': 'edit-labels',
}

/** Whether the request lacked the right, as opposed to failing. */
function isRefusal(error: unknown): boolean {
  return isAccessError(error) || error instanceof ProtectedError
}
