import type { CatalogAge } from '@/lib/data/search/read-catalog-ages'

/** Why a query for everything finds nothing. */
export function nothingKnown(ages: readonly Pick<CatalogAge, 'syncedAt'>[]): string {
  return ages.length > 0 && ages.every(({ syncedAt }) => syncedAt !== undefined)
    ? 'No repository that you can see has a tag.'
    : 'Nothing has been read yet: open a repository, or wait for a sync.'
}
