import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { deleteImage, deleteTag, lookUpTag, previewDeletion, retagTag, undoDeletion } from '../actions/tags.ts'
import { unwrap } from './unwrap.ts'

/** What a tag points at now; never served from memory. */
export const tagStateQuery = (registry: string, repository: string, tag: string) =>
  queryOptions({
    queryKey: ['tag-state', registry, repository, tag],
    queryFn: async () => unwrap(await lookUpTag({ registry, repository, tag })),
    staleTime: 0,
    gcTime: 0,
  })

/** What deleting a tag or digest would touch; asked anew each time a dialog opens. */
export const deletionPreviewQuery = (registry: string, repository: string, target: string) =>
  queryOptions({
    queryKey: ['deletion-preview', registry, repository, target],
    queryFn: async () => unwrap(await previewDeletion({ registry, repository, target })),
    staleTime: 0,
    gcTime: 0,
  })

export const retagMutation = () =>
  mutationOptions({ mutationFn: async (input: Parameters<typeof retagTag>[0]) => unwrap(await retagTag(input)) })

export const deleteTagMutation = () =>
  mutationOptions({ mutationFn: async (input: Parameters<typeof deleteTag>[0]) => unwrap(await deleteTag(input)) })

export const deleteImageMutation = () =>
  mutationOptions({ mutationFn: async (input: Parameters<typeof deleteImage>[0]) => unwrap(await deleteImage(input)) })

export const undoDeletionMutation = () =>
  mutationOptions({
    mutationFn: async (input: Parameters<typeof undoDeletion>[0]) => unwrap(await undoDeletion(input)),
  })
