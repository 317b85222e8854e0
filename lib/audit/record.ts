import { theStore } from '../store/the-store.ts'
import { appendEntry } from './append-entry.ts'
import type { AuditEntry, AuditOutcome, AuditSource, AuditSubject } from './audit-entry.ts'
import { AuditError } from './audit-error.ts'
import { auditKey } from './audit-key.ts'
import { streamEntry } from './audit-stream.ts'

/** Before a change: what is about to happen. @throws AuditError, and then it must not */
export function recordIntent(source: AuditSource, subject: AuditSubject): Promise<AuditEntry> {
  return append('intent', source, subject)
}

/** After it: how it ended. @throws AuditError */
export function recordOutcome(
  intent: AuditEntry,
  outcome: AuditOutcome,
  { before, after, reason, detail }: Omit<AuditSubject, 'action'> = {},
): Promise<AuditEntry> {
  const { seq, actor, rights, address, request, job, action, registry, repository, tag } = intent
  const known = { actor, rights, address, request, job, registry, repository, tag }
  const source = Object.fromEntries(Object.entries(known).map(([key, value]) => [key, value ?? undefined]))
  const subject = { ...source, action: action as AuditSubject['action'], before, after, reason, detail }
  return append('outcome', source, subject, { intent: seq, outcome })
}

/** Something that was asked for and refused. @throws AuditError */
export function recordRefusal(source: AuditSource, subject: AuditSubject): Promise<AuditEntry> {
  return append('refusal', source, subject, { outcome: 'refused' })
}

/** Something that is one step: there is nothing between its beginning and its end. @throws AuditError */
export function recordEvent(source: AuditSource, subject: AuditSubject): Promise<AuditEntry> {
  return append('event', source, subject, { outcome: 'done' })
}

async function append(
  phase: 'intent' | 'outcome' | 'refusal' | 'event',
  source: AuditSource,
  subject: AuditSubject,
  { intent, outcome }: { readonly intent?: number; readonly outcome?: AuditOutcome } = {},
): Promise<AuditEntry> {
  try {
    const [store, key] = await Promise.all([theStore(), auditKey()])
    const entry = await appendEntry(store, key, {
      at: Date.now(),
      phase,
      intent: intent ?? null,
      actor: source.actor ?? null,
      rights: source.rights ?? null,
      address: source.address ?? null,
      request: source.request ?? null,
      job: source.job ?? null,
      action: subject.action,
      registry: subject.registry ?? null,
      repository: subject.repository ?? null,
      tag: subject.tag ?? null,
      digest_before: subject.before ?? null,
      digest_after: subject.after ?? null,
      outcome: outcome ?? null,
      reason: subject.reason ?? null,
      detail: subject.detail ? JSON.stringify(subject.detail) : null,
    })
    streamEntry(entry)
    return entry
  } catch (error) {
    throw new AuditError(error)
  }
}
