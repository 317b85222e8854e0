import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { maySeeSetup } from '../../access/authorize.ts'
import { ASK_ADMIN, type Problem } from '../../problem/problem.ts'
import { sentence } from '../../problem/sentence.ts'
import { withoutAddresses } from '../../problem/without-addresses.ts'
import type { Repository } from '../../registry/registry.ts'
import { theStore } from '../../store/the-store.ts'

/**
 * Why a registry will probably refuse deletions, by what earlier ones have shown: of this process, or else the last plan
 * that deleted in it. Nothing is asked of the registry.
 */
export async function knownRefusal(actor: Actor, repository: Repository): Promise<Problem | undefined> {
  const { registry } = repository
  const { manifest, advice } = await repository.deletes({ probe: false })
  if (manifest.state === 'yes') return undefined
  if (manifest.state === 'unknown') return lastRefusal(registry.name)
  const isAdmin = maySeeSetup(actor)
  const evidence = isAdmin ? manifest.evidence : withoutAddresses(manifest.evidence, registry.location)
  return {
    ...REFUSES,
    detail: sentence(evidence),
    ...(advice !== undefined && { advice: isAdmin ? advice : ASK_ADMIN }),
  }
}

const REFUSES = { code: 'registry.deletes-disabled', title: 'This registry will probably refuse to delete' }

async function lastRefusal(registry: string): Promise<Problem | undefined> {
  const { read } = await theStore()
  const last = await read
    .selectFrom('plan')
    .select('problem')
    .where('registry', '=', registry)
    .where('work', 'in', ['delete', 'untagged'])
    .where('started_at', 'is not', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const problem: Partial<Problem> = JSON.parse(last?.problem ?? '{}')
  if (problem.code !== REFUSES.code) return undefined
  return { ...REFUSES, detail: 'It refused the last plan that deleted there.' }
}
