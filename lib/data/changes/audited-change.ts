import type { Actor } from '../../access/actor.ts'
import { describeRights } from '../../access/describe-rights.ts'
import type { Verb } from '../../access/rights.ts'
import type { AuditAction, AuditEntry, AuditOutcome, AuditSubject } from '../../audit/audit-entry.ts'
import { currentSource } from '../../audit/audit-source.ts'
import { recordIntent, recordOutcome, recordRefusal } from '../../audit/record.ts'
import { currentRequestId } from '../../observe/request-id.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isOutage, isRegistryError } from '../../registry/errors.ts'
import type { ProtectionRule } from '../protection/protection-rule.ts'
import type { ChangeTarget } from './change-target.ts'
import { isRefusal } from './is-refusal.ts'
import type { TakenAway } from './safekeeping.ts'

/** What a change adds to its outcome: nothing is known of it when it begins. */
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

  async fail(error: unknown, taken: readonly TakenAway[]): Promise<void> {
    const { code, title, detail } = problemOf(error)
    const problem = { code, title, detail }
    this.note({ detail: { ...this.#note.detail, problem } })
    const isOpen = isRegistryError(error) && isOutage(error)
    await this.#endAll(isRefusal(error) ? 'refused' : isOpen ? 'unknown' : 'failed', taken)
  }

  /** The change has happened, or not: an outcome that can't be written leaves its intent open, which the log shows. */
  async #endAll(outcome: AuditOutcome, taken: readonly TakenAway[]): Promise<void> {
    for (const intent of this.#intents)
      await recordOutcome(intent, outcome, this.#outcomeOf(intent, taken)).catch((error) =>
        console.error(`The outcome of row ${intent.seq} of the audit log can't be recorded: ${outcome}`, error),
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

/** Runs what may refuse, and records it when it does. A refusal that can't be recorded is one all the same. */
export async function recordingRefusal<T>(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isRefusal(error)) {
      const subject = subjectOf(verb, target)
      const detail = { ...subject.detail, problem: { code: problemOf(error).code } }
      await recordRefusal(sourceOf(actor), { ...subject, detail }).catch((problem) =>
        console.error('A refusal can’t be recorded in the audit log', problem),
      )
    }
    throw error
  }
}

export function sourceOf(actor: Actor) {
  return {
    ...currentSource(),
    request: currentRequestId(),
    actor: actor.kind === 'user' ? actor.username : undefined,
    rights: describeRights(actor).join('; ') || undefined,
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
