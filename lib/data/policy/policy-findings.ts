import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type CatalogDatabase, reportDatabase } from '../../catalog/database/catalog-database.ts'
import { catalogVersion, KeptResults } from '../../catalog/database/kept-results.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { type Findings, findFindings } from '../../catalog/policy/find-findings.ts'
import { type FindingHistory, findingHistory, WEEK } from '../../catalog/policy/finding-history.ts'
import type { Finding, FindingFilter } from '../../catalog/policy/finding-list.ts'
import { type FindingSummary, summarizeFindings } from '../../catalog/policy/summarize-findings.ts'
import { config } from '../../config/config.ts'
import type { Policy } from '../../config/policy-file.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Place } from '../../oci/place.ts'
import { NO_OWNER, type PolicyPageState } from '../../routes/policy-page-query.ts'
import { searchVisibility } from '../search/search-visibility.ts'

/** Sets of rights, and repositories, whose findings are kept. */
const KEPT = 20
const KEPT_REPOSITORIES = 200
/** Milliseconds that they are kept while the catalog doesn’t change: the age of images does. */
const HOLDS_FOR = 60_000

/** The policies of the configuration; undefined where none are configured. */
export function configuredPolicies(): readonly Policy[] | undefined {
  return config().policies
}

/** Everything that breaks a policy among what the actor may see, or export. @throws StoreError */
export async function policyFindings(
  actor: Actor,
  policies: readonly Policy[],
  verb: 'browse' | 'export' = 'browse',
): Promise<DatedFindings> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor, verb)
  const kept = processWide('policy-findings', () => new KeptResults<DatedFindings>({ most: KEPT, holdsFor: HOLDS_FOR }))
  return kept.find(JSON.stringify([...visibility]), await catalogVersion(database.store), () =>
    datedFindings(database, policies, visibility),
  )
}

/** What breaks a policy in one repository, without the time since when: no other repository is read. @throws StoreError */
export async function repositoryFindings(place: Place, policies: readonly Policy[]): Promise<Findings> {
  const { registry, repository } = place
  const database = await theCatalogDatabase()
  const kept = processWide(
    'repository-findings',
    () => new KeptResults<Findings>({ most: KEPT_REPOSITORIES, holdsFor: HOLDS_FOR }),
  )
  return kept.find(`${registry}/${repository}`, await catalogVersion(database.store), () =>
    findFindings(database, policies, { visibility: new Map([[registry, [repository]]]), now: Date.now() }),
  )
}

export interface DatedFindings extends Findings {
  readonly history: FindingHistory
  readonly summary: FindingSummary
  /** Those that began within the last week. */
  readonly added: number
}

async function datedFindings(
  database: CatalogDatabase,
  policies: readonly Policy[],
  visibility: Visibility,
): Promise<DatedFindings> {
  const now = Date.now()
  const found = await findFindings(reportDatabase(database), policies, { visibility, now })
  const history = await findingHistory(database.store, await database.repositories.visible(visibility), now)
  const findings = found.findings.dated((finding) => history.sinceOf(finding))
  const summary = await summarizeFindings(findings)
  const { count: added } = await findings.page(newOnly(history, now), { from: 0, size: 0 })
  return { ...found, findings, history, summary, added }
}

/** Only where something new is known are findings looked up. */
function newOnly({ newIn }: FindingHistory, now: number): FindingFilter {
  return { group: ({ repository }) => newIn.has(repository.id), finding: (finding) => isNew(finding, now) }
}

/** Whether it began within the last week. */
export function isNew({ since }: Finding, now = Date.now()): boolean {
  return since !== undefined && now - since < WEEK
}

/** The findings of a page's state, whatever its page. */
export function findingFilter({ policy, kind, owner, repository, since }: PolicyPageState): FindingFilter {
  return {
    group: (group) =>
      (policy == null || group.policy === policy) &&
      (repository == null || `${group.repository.registry}/${group.repository.name}` === repository),
    rule: (rule) => (kind == null || rule.kind === kind) && (owner == null || (rule.owner ?? NO_OWNER) === owner),
    ...(since === 'week' && { finding: (finding) => isNew(finding) }),
  }
}
