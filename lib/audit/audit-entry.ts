import type { Selectable } from 'kysely'
import type { Tables } from '../store/tables.ts'

/** A row of the log. */
export type AuditEntry = Selectable<Tables['audit_entry']>

/** In the order that exports have; hashes are made of the values in it, so it never changes. */
export const AUDIT_COLUMNS = [
  'seq',
  'previous',
  'hash',
  'at',
  'phase',
  'intent',
  'actor',
  'rights',
  'address',
  'request',
  'job',
  'action',
  'registry',
  'repository',
  'tag',
  'digest_before',
  'digest_after',
  'outcome',
  'reason',
  'detail',
] as const satisfies readonly (keyof AuditEntry)[]

export const ACTIONS = [
  'move-tag',
  'copy-image',
  'load-archive',
  'delete-tag',
  'delete-image',
  'restore',
  'edit-labels',
  'edit-protection',
  'edit-retention',
  'run-retention',
  'recover',
  'sign-in',
  'sign-out',
  'end-session',
  'create-token',
  'use-token',
  'revoke-token',
  'export',
  'read',
  'send-request',
] as const
export type AuditAction = (typeof ACTIONS)[number]

/** `running`: the intent is recorded, and no outcome yet. */
export const OUTCOMES = ['done', 'failed', 'refused', 'unknown', 'running'] as const
export type AuditOutcome = Exclude<(typeof OUTCOMES)[number], 'running'>

/** Who and from where, as far as it is known. */
export interface AuditSource {
  readonly actor?: string | undefined
  readonly rights?: string | undefined
  readonly address?: string | undefined
  readonly request?: string | undefined
  readonly job?: string | undefined
}

/** What is to be recorded of a change. */
export interface AuditSubject {
  readonly action: AuditAction
  readonly registry?: string | undefined
  readonly repository?: string | undefined
  readonly tag?: string | undefined
  readonly before?: string | undefined
  readonly after?: string | undefined
  /** Why, in the actor's words. */
  readonly reason?: string | undefined
  /** Anything else; kept as JSON. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
}

export type NewEntry = Omit<AuditEntry, 'seq' | 'previous' | 'hash'>
