import { reportDatabase } from '../../catalog/database/catalog-database.ts'
import { catalogVersion } from '../../catalog/database/kept-results.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { findFindings } from '../../catalog/policy/find-findings.ts'
import { recordFindings } from '../../catalog/policy/finding-history.ts'
import { allRegistries } from '../registries/registries.ts'
import { configuredPolicies } from './policy-findings.ts'

/** Milliseconds between checks whether the catalog has changed. */
const EVERY = 60_000
/** Milliseconds after which images may have become too old although nothing has changed. */
const AGES = 3_600_000

/** Notes when findings begin and end, until the signal is aborted. */
export function schedulePolicyChecks(signal: AbortSignal): void {
  let last = { version: -1, at: Number.NEGATIVE_INFINITY }
  const check = async () => {
    const { store } = await theCatalogDatabase()
    const version = await catalogVersion(store)
    if (version === last.version && performance.now() - last.at < AGES) return
    last = { version, at: performance.now() }
    await checkPolicies(Date.now(), signal)
  }
  const timer = setInterval(() => void check().catch(report), EVERY).unref()
  void check().catch(report)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

function report(error: unknown): void {
  console.error('The policies could not be checked', error)
}

/** Checks everything that the catalog knows. @throws StoreError */
export async function checkPolicies(now: number, signal?: AbortSignal): Promise<void> {
  const policies = configuredPolicies()
  if (!policies) return
  const database = await theCatalogDatabase()
  const visibility = new Map(allRegistries().map(({ name }) => [name, ['**']]))
  const found = await findFindings(reportDatabase(database), policies, { visibility, now, ...(signal && { signal }) })
  await recordFindings(
    database.store,
    policies.map(({ name }) => name),
    found,
    now,
  )
}
