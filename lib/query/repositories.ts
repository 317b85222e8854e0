import { keepPreviousData, type QueryClient, queryOptions, skipToken } from '@tanstack/react-query'
import {
  askRegistries,
  findDigest,
  findNearTags,
  findReference,
  findTags,
  followRootListing,
  listRepositoryNames,
  listTreeLevel,
  matchRepositories,
} from '../actions/repositories.ts'
import { barePlace, type Place } from '../oci/place.ts'
import type { Pasted } from '../routes/pasted-reference.ts'
import { unwrap } from './unwrap.ts'

/** One level of a registry's tree. @param key `<registry>/<prefix>` */
const treeLevelQuery = (key: string) => {
  const slash = key.indexOf('/')
  const [registry, prefix] = [key.slice(0, slash), key.slice(slash + 1)]
  return queryOptions({
    queryKey: ['tree', registry, prefix],
    queryFn: async () => unwrap(await listTreeLevel({ registry, prefix })),
    staleTime: 30_000,
  })
}

/** How far the list of a registry's repositories is, for as long as it is being listed. */
export const rootListingQuery = (registry: string) =>
  queryOptions({
    queryKey: ['root-listing', registry],
    queryFn: async () => unwrap(await followRootListing({ registry })),
    refetchInterval: ({ state: { data } }) => (data && !data.isListing ? false : 2_000),
  })

/** Several levels by key, each cached on its own; levels that can't be read are left out. */
export const treeLevelsQuery = (keys: readonly string[], client: QueryClient) =>
  queryOptions({
    queryKey: ['tree-levels', keys],
    queryFn: async () => {
      const levels = await Promise.allSettled(keys.map((key) => client.fetchQuery(treeLevelQuery(key))))
      return levels.flatMap((level, index) =>
        level.status === 'fulfilled' ? [[keys[index] ?? '', level.value] as const] : [],
      )
    },
    placeholderData: keepPreviousData,
  })

/** Every repository that may be seen, over all registries: what the filter and the palette search. */
export const repositoryNamesQuery = () =>
  queryOptions({
    queryKey: ['names'],
    queryFn: async () => unwrap(await listRepositoryNames()),
    staleTime: 30_000,
  })

/** The repositories that a glob or a pattern finds. @param typed the filter as it was typed */
export const repositoryMatchesQuery = (typed: string) =>
  queryOptions({
    queryKey: ['repository-matches', typed],
    queryFn: async () => unwrap(await matchRepositories(typed)),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })

/** What registries find that do not list all they have. */
export const registrySearchQuery = (term: string) =>
  queryOptions({
    queryKey: ['registry-search', term],
    queryFn: async () => unwrap(await askRegistries(term)),
    staleTime: 60_000,
  })

/** Milliseconds until registries that gave no answer are asked again. */
const LOCATE_AGAIN = 5_000

/** Where what was pasted is. @param near repositories to ask first for a digest */
export const locationQuery = (pasted: Exclude<Pasted, { kind: 'path' }> | undefined, near: readonly Place[]) =>
  queryOptions({
    queryKey: ['location', pasted],
    queryFn: pasted ? async () => unwrap(await locate(pasted, near)) : skipToken,
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data && state.data.failed.length > 0 ? LOCATE_AGAIN : false),
  })

function locate(pasted: Exclude<Pasted, { kind: 'path' }>, near: readonly Place[]) {
  if (pasted.kind === 'digest') return findDigest({ digest: pasted.digest, near: [...near] })
  const { host, repository, selector } = pasted
  return findReference({ ...(host && { host }), repository, selector })
}

/** Tags that may have been meant by one that doesn't exist. */
export const nearTagsQuery = (place: Place | undefined, tag: string) =>
  queryOptions({
    queryKey: ['near-tags', place && barePlace(place), tag],
    queryFn: place ? async () => unwrap(await findNearTags({ ...barePlace(place), tag })) : skipToken,
  })

/** The tags of a repository that hold a term, best first. */
export const tagSearchQuery = (place: Place | undefined, term: string) =>
  queryOptions({
    queryKey: ['tag-search', place && barePlace(place), term],
    queryFn: place ? async () => unwrap(await findTags({ ...barePlace(place), term })) : skipToken,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
