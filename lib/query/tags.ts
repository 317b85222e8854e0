import { queryOptions } from '@tanstack/react-query'
import {
  checkTrashed,
  deleteImage,
  deleteTag,
  lookUpTag,
  previewDeletion,
  readTagRow,
  restoreTrashed,
  retagTag,
  undoChange,
} from '../actions/tags.ts'
import type { Place } from '../oci/place.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/** What a tag points at now; never cached. */
export const tagStateQuery = ({ registry, repository }: Place, tag: string) =>
  queryOptions({
    queryKey: ['tag-state', registry, repository, tag],
    queryFn: async () => unwrap(await lookUpTag({ registry, repository, tag })),
    staleTime: 0,
    gcTime: 0,
  })

/** Times that a row which failed is asked for while its page is open, and milliseconds until the first; doubles, up to the last. */
const ROW_TRIES = 8
const FIRST_WAIT = 2_000
const LONGEST_WAIT = 30_000

/** A row of the table of tags that the registry did not answer for when the page was made. */
export const tagRowQuery = ({ registry, repository }: Place, tag: string) =>
  queryOptions({
    queryKey: ['tag-row', registry, repository, tag],
    queryFn: async () => unwrap(await readTagRow({ registry, repository, tag })),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data?.ok || dataUpdateCount >= ROW_TRIES ? false : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** dataUpdateCount),
  })

/** What deleting a tag or digest would affect, read again each time the dialog opens. */
export const deletionPreviewQuery = ({ registry, repository }: Place, target: string) =>
  queryOptions({
    queryKey: ['deletion-preview', registry, repository, target],
    queryFn: async () => unwrap(await previewDeletion({ registry, repository, target })),
    staleTime: 0,
    gcTime: 0,
  })

export const retagMutation = () => mutation(retagTag)

export const deleteTagMutation = () => mutation(deleteTag)

export const deleteImageMutation = () => mutation(deleteImage)

export const undoChangeMutation = () => mutation(undoChange)

export const restoreTrashedMutation = () => mutation(restoreTrashed)

/** Whether a trashed item can be restored right now: asked when its row is on the screen, and not kept. */
export const trashedQuery = ({ registry, repository }: Place, change: string) =>
  queryOptions({
    queryKey: ['trashed', registry, repository, change],
    queryFn: async () => unwrap(await checkTrashed({ registry, repository, change })),
    staleTime: 0,
    gcTime: 0,
  })
