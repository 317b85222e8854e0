import type { CatalogAge } from '@/lib/data/search/read-catalog-ages'

export interface AgeGroup {
  readonly registries: readonly string[]
  /** When the oldest of their syncs ended, in ISO 8601. Absent: none was synced. */
  readonly syncedAt?: string | undefined
  /** Their first sync is running. */
  readonly isFirstSync: boolean
  readonly unread: number
}

/** Milliseconds between syncs that are said to be of the same age. */
const SAME = 120_000

/** Registries of which the same can be said, together; one with unread repositories stands alone. */
export function ageGroups(ages: readonly CatalogAge[]): AgeGroup[] {
  const groups: AgeGroup[] = []
  for (const { registry, syncedAt, isFirstSync = false, unread } of ages) {
    const isAlike = (group: AgeGroup) => group.isFirstSync === isFirstSync && isSameAge(group.syncedAt, syncedAt)
    const index = groups.findIndex((group) => unread === 0 && group.unread === 0 && isAlike(group))
    const known = groups[index]
    if (!known) groups.push({ registries: [registry], syncedAt, isFirstSync, unread })
    else
      groups[index] = {
        ...known,
        registries: [...known.registries, registry],
        syncedAt: older(known.syncedAt, syncedAt),
      }
  }
  return groups
}

function isSameAge(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined
    ? one === other
    : Math.abs(Date.parse(one) - Date.parse(other)) <= SAME
}

function older(one: string | undefined, other: string | undefined): string | undefined {
  return one !== undefined && other !== undefined && other < one ? other : one
}
