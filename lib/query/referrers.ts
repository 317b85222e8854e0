import { queryOptions } from '@tanstack/react-query'
import { listSboms } from '../actions/referrers.ts'
import { unwrap } from './unwrap.ts'

/** The bills of materials in a referrer: by digest, so they never change. */
export const sbomsQuery = (registry: string, repository: string, digest: string) =>
  queryOptions({
    queryKey: ['sboms', registry, repository, digest],
    queryFn: async () => unwrap(await listSboms({ registry, repository, digest })),
    staleTime: Number.POSITIVE_INFINITY,
  })
