import { OUTCOMES } from '../../audit/audit-entry.ts'
import type { LoggedAction } from '../../audit/read-log.ts'

/** An action of the log as plain values. */
export interface AuditRow {
  readonly seq: number
  /** RFC 3339. */
  readonly at: string
  readonly actor?: string
  readonly rights?: string
  readonly address?: string
  readonly request?: string
  readonly job?: string
  readonly action: string
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  readonly before?: string
  readonly after?: string
  readonly reason?: string
  readonly outcome: (typeof OUTCOMES)[number]
  readonly hash: string
  readonly previous: string
  /** Of the outcome: its row, when it was recorded, and its hash. */
  readonly end?: { readonly seq: number; readonly at: string; readonly hash: string }
  /** What went wrong, or was refused. */
  readonly problem?: string
  /** Further facts, by name. */
  readonly facts: readonly (readonly [name: string, value: string])[]
}

export function auditRow({ entry, outcome }: LoggedAction): AuditRow {
  const { problem, ...detail } = { ...detailOf(entry.detail), ...detailOf(outcome?.detail) }
  const found = outcome?.outcome ?? entry.outcome ?? 'running'
  const texts = {
    actor: entry.actor,
    rights: entry.rights,
    address: entry.address,
    request: entry.request,
    job: entry.job,
    registry: entry.registry,
    repository: entry.repository,
    tag: entry.tag,
    before: outcome?.digest_before ?? entry.digest_before,
    after: outcome ? outcome.digest_after : entry.digest_after,
    reason: entry.reason ?? outcome?.reason,
    problem: titleOf(problem),
  }
  return {
    seq: entry.seq,
    at: new Date(entry.at).toISOString(),
    action: entry.action,
    outcome: OUTCOMES.find((known) => known === found) ?? 'unknown',
    hash: entry.hash,
    previous: entry.previous,
    ...present(texts),
    ...(outcome && { end: { seq: outcome.seq, at: new Date(outcome.at).toISOString(), hash: outcome.hash } }),
    facts: Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value).slice(0, 2_000),
    ]),
  }
}

function detailOf(json: string | null | undefined): Record<string, unknown> {
  if (!json) return {}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** A refusal has only a code, so that the words are those of today. */
function titleOf(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null) return undefined
  const { title, detail, code } = problem as Record<string, unknown>
  const words = [title, detail].filter((text) => typeof text === 'string').join(': ')
  return words || (typeof code === 'string' ? code : undefined)
}

function present<T extends Record<string, string | null | undefined>>(texts: T): { [Key in keyof T]?: string } {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value)) as { [Key in keyof T]?: string }
}
