import { queryOptions } from '@tanstack/react-query'
import { deleteImage, deleteTag, lookUpTag, previewDeletion, retagTag, undoChange } from '../actions/tags.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/** What a tag points at now; never cached. */
export const tagStateQuery = (registry: string, repository: string, tag: string) =>
  queryOptions({
    queryKey: ['tag-state', registry, repository, tag],
    queryFn: async () => unwrap(await lookUpTag({ registry, repository, tag })),
    staleTime: 0,
    gcTime: 0,
  })

/** What deleting a tag or digest would affect, read again each time the dialog opens. */
export const deletionPreviewQuery = (registry: string, repository: string, target: string) =>
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
