import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type TagEvent, tagEvents } from '../../catalog/database/tag-events.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { type Finding, type FindingGroup, findingId } from '../../catalog/policy/finding-list.ts'
import type { Place } from '../../oci/place.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { configuredPolicies, policyFindings } from './policy-findings.ts'

const WEEK = 7 * 86_400_000
const READ = 2_000
const SHOWN = 5

export interface NewFindings {
  /** Of tags that are on another image than seven days ago, or are new, the latest first; ISO 8601. */
  readonly findings: readonly NewFinding[]
  /** How many those are, and how many there are in all. */
  readonly fresh: number
  readonly open: number
}

export interface NewFinding extends Finding {
  readonly id: string
  readonly at: string
}

/** Undefined where no policies are configured. @throws StoreError */
export async function readNewFindings(actor: Actor): Promise<NewFindings | undefined> {
  const policies = configuredPolicies()
  if (!policies) return undefined
  const database = await theCatalogDatabase()
  const from = Date.now() - WEEK
  const eventsOf = async (...kinds: TagEvent['kind'][]) =>
    (await tagEvents(database, { visibility: searchVisibility(actor), kinds, from, limit: READ })).events
  const [{ findings }, came, gone] = await Promise.all([
    policyFindings(actor, policies),
    eventsOf('appeared', 'moved'),
    eventsOf('gone'),
  ])
  const changed = changedTags([...came, ...gone])
  const repositories = new Set(came.map(({ registry, repository }) => `${registry}/${repository}`))
  const isChanged = {
    group: ({ repository: { registry, name } }: FindingGroup) => repositories.has(`${registry}/${name}`),
    tag: (tag: string, { repository: { registry, name } }: FindingGroup) =>
      changed.has(keyOf({ registry, repository: name, tag })),
  }
  const fresh: NewFinding[] = []
  for await (const some of findings.batches(isChanged))
    for (const finding of some) {
      const at = changed.get(keyOf(finding))
      if (at !== undefined) fresh.push({ ...finding, id: findingId(finding), at: new Date(at).toISOString() })
    }
  fresh.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return { findings: fresh.slice(0, SHOWN), fresh: fresh.length, open: findings.length }
}

/** When each tag got its image, of those that had another one, or none, before: a deleted tag that was restored is as before. */
function changedTags(events: readonly TagEvent[]): ReadonlyMap<string, number> {
  const changed = new Map<string, number>()
  for (const [key, of] of Map.groupBy(events, keyOf)) {
    const inOrder = of.toSorted((a, b) => a.at - b.at)
    const now = inOrder.at(-1)?.to
    const got = inOrder.find(({ to }) => to === now)
    if (now !== undefined && now !== inOrder[0]?.from && got) changed.set(key, got.at)
  }
  return changed
}

function keyOf({ registry, repository, tag }: Place & { readonly tag: string }): string {
  return `${registry}/${repository}:${tag}`
}
