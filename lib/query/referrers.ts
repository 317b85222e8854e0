import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { listSboms, listStatements, searchPackages } from '../actions/referrers.ts'
import type { Place } from '../oci/place.ts'
import { unwrap } from './unwrap.ts'

/** The bills of materials in a referrer: by digest, so they never change. */
export const sbomsQuery = ({ registry, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: ['sboms', registry, repository, digest],
    queryFn: async () => unwrap(await listSboms({ registry, repository, digest })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** A page of the packages of one of them; the last page stays on the screen until the next is there. */
export const packagesQuery = (input: Parameters<typeof searchPackages>[0]) =>
  queryOptions({
    queryKey: ['sbom-packages', input],
    queryFn: async () => unwrap(await searchPackages(input)),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })

/** The signatures and statements of a manifest. */
export const statementsQuery = ({ registry, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: ['statements', registry, repository, digest],
    queryFn: async () => unwrap(await listStatements({ registry, repository, digest })),
    staleTime: Number.POSITIVE_INFINITY,
  })
