import { z } from 'zod'
import { OUTCOMES } from '../../audit/audit-entry.ts'
import type { LoggedAction } from '../../audit/read-log.ts'

export interface AuditBatch {
  readonly rows: number
  /** The number of the oldest. */
  readonly oldest: number
  readonly outcomes: Readonly<Partial<Record<(typeof OUTCOMES)[number], number>>>
}

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
  /** That the job worked on, if the reader may see it. */
  readonly plan?: string
  readonly action: string
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  /** Of an action on several, or on an image. */
  readonly tags?: readonly string[]
  readonly before?: string
  readonly after?: string
  readonly reason?: string
  readonly outcome: (typeof OUTCOMES)[number]
  readonly hash: string
  readonly previous: string
  /** Of the outcome: its row, when it was recorded, and its hash. */
  readonly end?: { readonly seq: number; readonly at: string; readonly hash: string }
  /** Its subject if that isn't a repository: a token's name, an export. */
  readonly what?: string
  /** The error or refusal. */
  readonly problem?: string
  /** What a job did of this kind in the repository, newest first: this row is the newest of them. */
  readonly batch?: AuditBatch
  /** Further facts, by name. */
  readonly facts: readonly (readonly [name: string, value: string])[]
}

export function auditRow({ entry, outcome }: LoggedAction): AuditRow {
  const { problem, what, ...detail } = { ...detailOf(entry.detail), ...detailOf(outcome?.detail) }
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
    what: typeof what === 'string' ? what : settingOf(detail),
    problem: wordsOf(problem),
  }
  return {
    seq: entry.seq,
    at: new Date(entry.at).toISOString(),
    action: entry.action,
    outcome: outcomeOf({ entry, ...(outcome && { outcome }) }),
    hash: entry.hash,
    previous: entry.previous,
    ...present(texts),
    ...(outcome && { end: { seq: outcome.seq, at: new Date(outcome.at).toISOString(), hash: outcome.hash } }),
    ...(isWords(detail.tags) && { tags: detail.tags }),
    facts: Object.entries(detail).map(factOf),
  }
}

export function outcomeOf({ entry, outcome }: LoggedAction): (typeof OUTCOMES)[number] {
  const found = outcome?.outcome ?? entry.outcome ?? 'running'
  return OUTCOMES.find((known) => known === found) ?? 'unknown'
}

/** Further facts about a row, as they were recorded. */
export function detailOf(json: string | null | undefined): Record<string, unknown> {
  if (!json) return {}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** A refusal is stored as a code only, so that the wording is always current. */
function wordsOf(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null) return undefined
  const { title, detail, code } = problem as Record<string, unknown>
  const words = [title, detail].filter((text) => typeof text === 'string').join(': ')
  if (words || typeof code !== 'string') return words || undefined
  return Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : code
}

const REFUSALS: Readonly<Record<string, string>> = {
  'access.denied': 'no role or grant allows it',
  'access.sign-in': 'not signed in',
  'access.read-only': 'Lading is read-only',
  'access.foreign-origin': 'sent from another site',
  'access.token': 'the token isn’t valid, or doesn’t allow this',
  'access.token-scope': 'the token isn’t for this',
  'access.protected': 'a rule protects the tag',
  'access.protected-overridable': 'a rule protects the tag, and no reason was given',
  'sign-in.wrong': 'wrong user name or password',
  'sign-in.throttled': 'too many failed sign-ins',
  'sign-in.NameTaken': 'the name belongs to someone else',
  'sign-in.NoName': 'the provider sent no usable name',
  'sign-in.TooManyGroups': 'the provider sent too many groups',
  'sign-in.UnverifiedEmail': 'the provider hasn’t verified the email address',
  'sign-in.Unavailable': 'the database wasn’t available',
}

/** The name of a rule that was added or removed, or of a retention policy that was saved, removed or run. */
function settingOf({ added, saved, removed, policy }: Record<string, unknown>): string | undefined {
  const setting = added ?? saved ?? removed
  const name = typeof setting === 'object' && setting !== null && 'name' in setting ? setting.name : policy
  return typeof name === 'string' ? name : undefined
}

function factOf([name, value]: [string, unknown]): readonly [name: string, value: string] {
  const taken = name === 'tookAway' ? z.array(TAKEN).safeParse(value) : undefined
  if (taken?.success) return ['took away', taken.data.map(takenText).join('; ')]
  const left = name === 'left' ? z.array(LEFT).safeParse(value) : undefined
  return left?.success
    ? ['left in use', left.data.map(({ tag, digest }) => `${tag} on ${digest}`).join('; ')]
    : [name, factText(value)]
}

/** Tags that a restore left where they were, as `undo.ts` lists them. */
const LEFT = z.object({ tag: z.string(), digest: z.string() })

/** As `audited-change.ts` lists it. */
const TAKEN = z.object({ tags: z.array(z.string()), digest: z.string(), outcome: z.string().optional() })

function takenText({ tags, digest, outcome }: z.output<typeof TAKEN>): string {
  const what = tags.length > 0 ? `${tags.join(', ')} on ${digest}` : digest
  return outcome ? `${what}, ${outcome}` : what
}

/** A list of words as one reads it; anything else that isn't text as JSON. */
function factText(value: unknown): string {
  if (typeof value === 'string') return value
  return (isWords(value) ? value.join(', ') : JSON.stringify(value)).slice(0, 2_000)
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
}

function present<T extends Record<string, string | null | undefined>>(texts: T): { [Key in keyof T]?: string } {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value)) as { [Key in keyof T]?: string }
}
