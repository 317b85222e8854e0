'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ChangeButton } from '@/components/ui/refusal'
import { showToast } from '@/components/ui/toast'
import type { AddedLabel } from '@/lib/data/labels/added-labels'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { createLabelMutation, deleteLabelMutation } from '@/lib/query/labels'
import { problemFrom } from '@/lib/query/unwrap'

/** Deletes at once, and offers to add the same label again. */
export function DeleteLabel({ place: { registry, repository }, label }: { place: Place; label: AddedLabel }) {
  const router = useRouter()
  const fail = (error: Error) => {
    const { title, detail } = problemFrom(error)
    showToast({ tone: 'danger', title, description: detail })
  }
  const restore = useMutation({ ...createLabelMutation(), onSuccess: () => router.refresh(), onError: fail })
  const remove = useMutation({
    ...deleteLabelMutation(),
    onSuccess: ({ digest, key, value, mediaType, published }) => {
      showToast({
        tone: 'good',
        title: `Label ${key} deleted`,
        ...(published && { description: 'The referrer that was published stays in the registry.' }),
        action: {
          label: 'Undo',
          run: () => restore.mutate({ registry, repository, digest, key, value, mediaType, publish: false }),
        },
      })
      router.refresh()
    },
    onError: fail,
  })
  return (
    <ChangeButton
      variant="ghost"
      size="icon-xs"
      aria-label={`Delete the label ${label.key}`}
      disabled={remove.isPending}
      onClick={() => remove.mutate({ registry, repository, id: label.id })}
    >
      <Trash2 aria-hidden />
    </ChangeButton>
  )
}
