import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Finding, Findings } from '../../catalog/policy/find-findings.ts'
import { findFindings } from '../../catalog/policy/find-findings.ts'
import { config } from '../../config/config.ts'
import type { Policy } from '../../config/policy-file.ts'
import { processWide } from '../../config/process-wide.ts'
import { NO_OWNER, type PolicyPageState } from '../../routes/policy-page-query.ts'
import { searchVisibility } from '../search/search-visibility.ts'

/** Milliseconds that findings are kept while the catalog doesn't change: the age of images does. */
const KEPT_FOR = 60_000
/** Sets of rights whose findings are kept. */
const KEPT = 20

/** The policies of the configuration; undefined where none are configured. */
export function configuredPolicies(): readonly Policy[] | undefined {
  return config().policies
}

/** Everything that breaks a policy among what the actor may see, or export. @throws StoreError */
export async function policyFindings(
  actor: Actor,
  policies: readonly Policy[],
  verb: 'browse' | 'export' = 'browse',
): Promise<Findings> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor, verb)
  const { version } = await database.store.read.selectFrom('catalog_state').select('version').executeTakeFirstOrThrow()
  const cache = processWide('policy-findings', () => new Map<string, Kept>())
  const key = JSON.stringify([...visibility])
  const kept = cache.get(key)
  if (kept?.version === version && performance.now() - kept.at < KEPT_FOR) return kept.findings
  const findings = findFindings(database, policies, { visibility, now: Date.now() })
  cache.delete(key)
  cache.set(key, { version, at: performance.now(), findings })
  const [oldest] = cache.keys()
  if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest)
  findings.catch(() => cache.delete(key))
  return findings
}

interface Kept {
  readonly version: number
  readonly at: number
  readonly findings: Promise<Findings>
}

/** Those of a page's state, whatever its page. */
export function selectFindings(findings: readonly Finding[], state: PolicyPageState): readonly Finding[] {
  const { policy, kind, owner, repository } = state
  return findings.filter(
    (finding) =>
      (policy == null || finding.policy === policy) &&
      (kind == null || finding.kind === kind) &&
      (owner == null || (finding.owner ?? NO_OWNER) === owner) &&
      (repository == null || `${finding.registry}/${finding.repository}` === repository),
  )
}
