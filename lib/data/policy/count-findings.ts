import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { configuredPolicies, policyFindings } from './policy-findings.ts'

export interface FindingCount {
  readonly count: number
  /** Some images couldn't be read, and may break a policy too. */
  readonly isLowerBound: boolean
}

export const NO_FINDINGS: FindingCount = { count: 0, isLowerBound: false }

/**
 * By repository of a registry, of what the actor may see, where there are findings or may be; undefined where no
 * policies are configured. @throws StoreError
 */
export async function countFindings(
  actor: Actor,
  registry: string,
): Promise<ReadonlyMap<string, FindingCount> | undefined> {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const found = await policyFindings(actor, policies)
  const counts = new Map<string, FindingCount>()
  for (const { name, registry: its } of found.unread)
    if (its === registry) counts.set(name, { count: 0, isLowerBound: true })
  for (const { repository, findings } of found.findings.groups) {
    if (repository.registry !== registry) continue
    const { count, isLowerBound } = counts.get(repository.name) ?? NO_FINDINGS
    counts.set(repository.name, { count: count + findings, isLowerBound })
  }
  return counts
}
