import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query'
import { findTags, listRepositoryNames, listTreeLevel, refreshListing } from '../../app/actions/repositories.ts'
import { unwrap } from './unwrap.ts'

/** One level of a registry's tree. */
export const treeLevelQuery = (registry: string, prefix: string) =>
  queryOptions({
    queryKey: ['tree', registry, prefix],
    queryFn: async () => unwrap(await listTreeLevel({ registry, prefix })),
    staleTime: 30_000,
  })

/** Every repository that may be seen, over all registries: what the filter and the palette search. */
export const repositoryNamesQuery = () =>
  queryOptions({
    queryKey: ['names'],
    queryFn: async () => unwrap(await listRepositoryNames()),
    staleTime: 30_000,
  })

/** The tags of a repository that hold a term, best first. */
export const tagSearchQuery = (registry: string, repository: string, term: string) =>
  queryOptions({
    queryKey: ['tag-search', registry, repository, term],
    queryFn: async () => unwrap(await findTags({ registry, repository, term })),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })

/** Has a registry's list, or a repository's tags, read anew. */
export const refreshMutation = (registry: string, repository?: string) =>
  mutationOptions({
    mutationFn: async () => unwrap(await refreshListing({ registry, ...(repository && { repository }) })),
  })
