import { queryOptions, skipToken } from '@tanstack/react-query'
import {
  cancel,
  checkCompleteness,
  copyImage,
  copyTags,
  countJobs,
  hashWholeImage,
  listCopyTargets,
  lookUpCopyTags,
  lookUpDestination,
  lookUpSource,
  retry,
} from '../actions/jobs.ts'
import type { Place } from '../oci/place.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/** The number of unfinished jobs, polled while there are any. */
export const unfinishedJobsQuery = (initialData: number) =>
  queryOptions({
    queryKey: ['unfinished-jobs'],
    queryFn: async () => unwrap(await countJobs()),
    initialData,
    refetchInterval: ({ state }) => ((state.data ?? 0) > 0 ? 2500 : false),
  })

export const copyTargetsQuery = () =>
  queryOptions({ queryKey: ['copy-targets'], queryFn: async () => unwrap(await listCopyTargets()), staleTime: 30_000 })

/** The source of a copy, read again each time the dialog opens. */
export const copySourceQuery = ({ registry, repository }: Place, reference: string) =>
  queryOptions({
    queryKey: ['copy-source', registry, repository, reference],
    queryFn: async () => unwrap(await lookUpSource({ registry, repository, reference })),
    staleTime: 0,
    gcTime: 0,
  })

/** What a copy would find at its destination; never cached. */
export const destinationQuery = (destination: (Place & { readonly tag: string }) | undefined) =>
  queryOptions({
    queryKey: ['copy-destination', destination],
    queryFn: destination ? async () => unwrap(await lookUpDestination(destination)) : skipToken,
    staleTime: 0,
    gcTime: 0,
  })

/** What copying several tags would meet, read again each time the dialog opens. */
export const copyTagsPreviewQuery = (input: Parameters<typeof lookUpCopyTags>[0]) =>
  queryOptions({
    queryKey: ['copy-tags-preview', input],
    queryFn: async () => unwrap(await lookUpCopyTags(input)),
    staleTime: 0,
    gcTime: 0,
  })

export const completenessQuery = ({ registry, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: ['completeness', registry, repository, digest],
    queryFn: async () => unwrap(await checkCompleteness({ registry, repository, digest })),
    staleTime: 0,
    gcTime: 0,
  })

export const copyMutation = () => mutation(copyImage)

export const copyTagsMutation = () => mutation(copyTags)

export const hashMutation = () => mutation(hashWholeImage)

export const cancelJobMutation = () => mutation(cancel)

export const retryJobMutation = () => mutation(retry)
