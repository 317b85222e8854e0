import 'server-only'
import type { CatalogDatabase } from '../../catalog/database/catalog-database.ts'
import { type LeadTag, leadTags } from '../../catalog/database/lead-tags.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { type ExplainedOwner, explainPolicies, ownersOf } from '../../catalog/policy/explain-policies.ts'
import { labelKeysOf } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import { configuredPolicies } from './policy-findings.ts'

/** None twice. */
export type RepositoryOwners = readonly ExplainedOwner[]

/** The labels that owners are found by. Undefined where no policy says how. */
export function ownerKeys(): readonly string[] | undefined {
  const policies = owningPolicies()
  if (policies.length === 0) return undefined
  return policies.flatMap(({ owner, query }) => [
    ...(owner && 'label' in owner ? [owner.label] : []),
    ...labelKeysOf(query),
  ])
}

/**
 * Whose a repository is by the policies, judged by the tag that stands for it, with its `ownerKeys`. Empty where no
 * policy that says how applies, or where that isn't known; without a name where one applies and the image states none.
 */
export function ownersByLead({ registry, repository }: Place, lead: LeadTag): RepositoryOwners {
  const { tag, digest, labels, isUnread } = lead
  const values = new Map(Array.from(labels, ([key, value]) => [key, [value]]))
  const facts = {
    registry,
    repository,
    tag,
    ...(!isUnread && { labels: values }),
    has: {},
    digests: [digest.slice(digest.indexOf(':') + 1)],
  }
  const owners = ownersOf(explainPolicies(owningPolicies(), [{ labels, facts, isUnread }], Date.now()))
  return isUnread ? owners.filter(({ name }) => name !== undefined) : owners
}

/** By repository, written `registry/repository`: of those that the actor may see. @throws StoreError */
export async function repositoryOwners(
  { store, repositories }: CatalogDatabase,
  visibility: Visibility,
  places: readonly Place[],
): Promise<ReadonlyMap<string, RepositoryOwners>> {
  const keys = ownerKeys()
  if (!keys || places.length === 0) return new Map()
  const visible = await repositories.visible(visibility)
  const ids = new Set(places.flatMap((place) => visible.at(place)?.id ?? []))
  const leads = await leadTags(store, [...ids], keys)
  return new Map(
    [...leads].flatMap(([id, lead]) => {
      const known = visible.byId.get(id)
      if (!known) return []
      const { registry, name: repository } = known
      return [[`${registry}/${repository}`, ownersByLead({ registry, repository }, lead)] as const]
    }),
  )
}

function owningPolicies() {
  return (configuredPolicies() ?? []).filter(({ owner }) => owner !== undefined)
}
