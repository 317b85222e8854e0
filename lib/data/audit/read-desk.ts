import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { OUTCOMES } from '../../audit/audit-entry.ts'
import { countOutcomes } from '../../audit/count-outcomes.ts'
import { labelKeys } from '../../catalog/database/label-keys.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { config } from '../../config/config.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import { theStore } from '../../store/the-store.ts'
import { configuredPolicies, policyFindings } from '../policy/policy-findings.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { AuditRow } from './audit-row.ts'
import { auditScopeOf } from './audit-scope.ts'
import { readAudit } from './read-audit.ts'
import { lastVerification, type VerifiedAudit } from './verify-audit.ts'

/** What an auditor reads first. Each part can fail on its own. */
export interface AuditorsDesk {
  readonly verified: VerifiedAudit | undefined
  readonly log: Attempt<{
    /** Of the last seven days; those that didn't happen are left out. */
    readonly outcomes: readonly { readonly outcome: AuditRow['outcome']; readonly count: number }[]
    readonly refused: readonly AuditRow[]
    readonly exports: readonly AuditRow[]
  }>
  /** Undefined where no policies are configured. */
  readonly policy: Attempt<
    { readonly findings: number; readonly checkedImages: number; readonly isComplete: boolean } | undefined
  >
  readonly labels: Attempt<{ readonly keys: number }>
  /** Where rows of the log go besides the database. */
  readonly alsoWritten?: string
}

const DAYS = 7
const SHOWN = 5

/** Only with the right to read the whole log. @throws AccessError */
export async function readDesk(actor: Actor): Promise<AuditorsDesk> {
  if (auditScopeOf(actor)?.kind !== 'all')
    throw new AccessError(actor.kind === 'anonymous' ? 'sign-in' : 'denied', 'audit', {})
  const [log, policy, labels] = await Promise.all([
    attempt(() => readLog(actor), actor),
    attempt(() => readPolicy(actor), actor),
    attempt(async () => {
      const { total } = await labelKeys(await theCatalogDatabase(), searchVisibility(actor), 1)
      return { keys: total }
    }, actor),
  ])
  const { auditLog } = config()
  return { verified: lastVerification(), log, policy, labels, ...(auditLog && { alsoWritten: auditLog }) }
}

async function readLog(actor: Actor) {
  const counts = await countOutcomes(await theStore(), Date.now() - DAYS * 86_400_000)
  const newest = async (q: string) => (await readAudit(actor, { q })).rows.slice(0, SHOWN)
  const [refused, exports] = await Promise.all([newest('outcome:refused'), newest('action:export')])
  const outcomes = OUTCOMES.flatMap((outcome) => {
    const count = counts.get(outcome) ?? 0
    return count > 0 ? [{ outcome, count }] : []
  })
  return { outcomes, refused, exports }
}

async function readPolicy(actor: Actor) {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const { findings, checkedImages, isComplete } = await policyFindings(actor, policies)
  return { findings: findings.length, checkedImages, isComplete }
}
