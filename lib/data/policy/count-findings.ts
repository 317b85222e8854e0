import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { configuredPolicies, policyFindings } from './policy-findings.ts'

/** Findings by repository of a registry, of what the actor may see; undefined where no policies are configured. @throws StoreError */
export async function countFindings(actor: Actor, registry: string): Promise<ReadonlyMap<string, number> | undefined> {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const counts = new Map<string, number>()
  for (const { repository, findings } of (await policyFindings(actor, policies)).findings.groups)
    if (repository.registry === registry) counts.set(repository.name, (counts.get(repository.name) ?? 0) + findings)
  return counts
}
