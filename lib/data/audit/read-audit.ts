import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { type LoggedAction, readLog } from '../../audit/read-log.ts'
import { theStore } from '../../store/the-store.ts'
import { plansOfRows } from '../plans/plan-jobs.ts'
import { assertFinished } from '../search/finished-query.ts'
import { type AuditFilter, parseAuditFilter } from './audit-filter.ts'
import { type AuditRow, auditRow, outcomeOf } from './audit-row.ts'
import { type AuditScope, auditScopeOf } from './audit-scope.ts'

export interface AuditPage {
  readonly scope: AuditScope['kind']
  readonly rows: readonly AuditRow[]
  readonly mistakes: readonly string[]
  /** Where the next page begins; absent at the end of the log. */
  readonly older?: number
  /** The page ended before it was full, because too many rows were skipped. */
  readonly isCutShort: boolean
}

const PAGE = 50
/** Rows read at once, and for one page at most: a filter that matches little must not read a whole log for one page. */
const CHUNK = 500
const MOST_READ = 20_000

/** A page of the log, newest first. @throws AccessError, StoreError */
export async function readAudit(
  actor: Actor,
  asked: { readonly q: string; readonly below?: number | undefined },
): Promise<AuditPage> {
  const page = await readPage(actor, asked)
  const planOf = await plansOfRows(actor, page.rows)
  const rows = page.rows.map((row) => {
    const plan = planOf(row)
    return plan === undefined ? row : { ...row, plan }
  })
  return { ...page, rows }
}

async function readPage(
  actor: Actor,
  { q, below }: { readonly q: string; readonly below?: number | undefined },
): Promise<AuditPage> {
  const scope = scopeOf(actor)
  const filter = parseAuditFilter(q, Date.now())
  if (filter.mistakes.length > 0) return { scope: scope.kind, rows: [], mistakes: filter.mistakes, isCutShort: false }
  const found = new AuditFold(!filter.asksForJob)
  let read = 0
  let at = below
  for await (const chunk of chunks(actor, scope, filter, below)) {
    let isFull = false
    for (const action of chunk.actions) {
      if (isWanted(action, scope, filter) && !found.add(scope.shown(action))) {
        isFull = true
        break
      }
      at = action.entry.seq
    }
    read += chunk.actions.length
    if (isFull || read >= MOST_READ)
      return { scope: scope.kind, rows: found.rows(), mistakes: [], ...(at && { older: at }), isCutShort: !isFull }
  }
  return { scope: scope.kind, rows: found.rows(), mistakes: [], isCutShort: false }
}

interface Folded {
  readonly newest: LoggedAction
  rows: number
  oldest: number
  readonly outcomes: Partial<Record<AuditRow['outcome'], number>>
}

/** One page: what a job did of one kind in a repository is counted in one row, that of the newest. */
class AuditFold {
  readonly #entries: Folded[] = []
  readonly #byJob = new Map<string, Folded>()
  readonly #folds: boolean

  constructor(folds: boolean) {
    this.#folds = folds
  }

  /** @returns false when the page is full */
  add(action: LoggedAction): boolean {
    const key = this.#folds ? jobKey(action) : undefined
    const known = key === undefined ? undefined : this.#byJob.get(key)
    if (!known && this.#entries.length === PAGE) return false
    const folded: Folded = known ?? { newest: action, rows: 0, oldest: 0, outcomes: {} }
    if (!known) this.#entries.push(folded)
    if (key !== undefined) this.#byJob.set(key, folded)
    const outcome = outcomeOf(action)
    folded.rows++
    folded.oldest = action.entry.seq
    folded.outcomes[outcome] = (folded.outcomes[outcome] ?? 0) + 1
    return true
  }

  rows(): AuditRow[] {
    return this.#entries.map(({ newest, ...batch }) => ({ ...auditRow(newest), ...(batch.rows > 1 && { batch }) }))
  }
}

function jobKey({ entry: { job, action, registry, repository } }: LoggedAction): string | undefined {
  return job === null ? undefined : JSON.stringify([job, action, registry, repository])
}

/** Everything that the actor may read and the filter matches, newest first. @throws AccessError, FormatError `pattern`, StoreError */
export async function* eachAudited(actor: Actor, q: string): AsyncGenerator<LoggedAction> {
  const scope = scopeOf(actor)
  const filter = parseAuditFilter(q, Date.now())
  assertFinished(q, filter.mistakes)
  for await (const { actions } of chunks(actor, scope, filter))
    for (const action of actions) if (isWanted(action, scope, filter)) yield scope.shown(action)
}

async function* chunks(actor: Actor, scope: AuditScope, { lookUp }: AuditFilter, below?: number) {
  const store = await theStore()
  const own = scope.kind === 'own' ? usernameOf(actor) : undefined
  // Others' rows aren't theirs to read: asking for them finds nothing.
  if (own !== undefined && lookUp.actors && !lookUp.actors.includes(own)) return
  let from = below
  while (true) {
    const actions = await readLog(
      store,
      { ...lookUp, ...(own !== undefined && { actors: [own] }) },
      { below: from, limit: CHUNK },
    )
    if (actions.length > 0) yield { actions }
    if (actions.length < CHUNK) return
    from = actions.at(-1)?.entry.seq
  }
}

function isWanted(action: LoggedAction, scope: AuditScope, filter: AuditFilter): boolean {
  return scope.includes(action.entry) && filter.matches(action)
}

function scopeOf(actor: Actor): AuditScope {
  const scope = auditScopeOf(actor)
  if (scope) return scope
  if (actor.kind === 'anonymous') throw new AccessError('sign-in', 'audit', {})
  throw new AccessError(actor.only ? 'token-scope' : 'denied', 'audit', {})
}
