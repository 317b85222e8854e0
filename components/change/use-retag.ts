'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { showToast } from '@/components/ui/toast'
import { retagMutation, undoChangeMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import type { ChangeTarget } from './change-target'

/** Adds or moves a tag, opens it, and offers to undo a move. @param onDone before the page changes */
export function useRetag({ registry, repository, selector }: ChangeTarget, onDone: () => void, onError: () => void) {
  const router = useRouter()
  const undo = useMutation({
    ...undoChangeMutation(),
    onSuccess: ({ tags }) => {
      showToast({ tone: 'good', title: `${tags.join(', ')} moved back` })
      router.refresh()
    },
    onError: (error) => {
      const { title, detail } = problemFrom(error)
      showToast({ tone: 'danger', title, description: detail })
    },
  })
  return useMutation({
    ...retagMutation(),
    onSuccess: ({ undo: change }, { to, expect }) => {
      onDone()
      const name = isDigestSelector(selector) ? 'this image' : selector
      showToast({
        tone: 'good',
        title: expect === null ? `Tag ${to} added` : `${to} moved to ${name}`,
        ...(expect !== null && { description: `${repository} in ${registry}` }),
        ...(change && { action: { label: 'Undo', run: () => undo.mutate({ registry, repository, change }) } }),
      })
      router.push(manifestHref(registry, repository, to))
      router.refresh()
    },
    onError,
  })
}
