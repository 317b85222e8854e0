'use client'

import { useRouter } from 'next/navigation'
import { showToast } from '@/components/ui/toast'
import { useMutation } from '@/lib/query/hooks'
import { retagMutation } from '@/lib/query/tags'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import type { ManifestTarget } from './manifest-target'
import { useUndo } from './use-undo'

/** Adds or moves a tag, opens it, and offers to undo a move. @param onDone before the page changes */
export function useRetag(target: ManifestTarget, onDone: () => void, onError: () => void) {
  const { registry, repository, selector } = target
  const router = useRouter()
  const undo = useUndo(target, 'moved back')
  return useMutation({
    ...retagMutation(),
    onSuccess: ({ undo: change }, { to, expect }) => {
      onDone()
      const name = isDigestSelector(selector) ? 'this image' : selector
      showToast({
        tone: 'good',
        title: expect === null ? `Tag ${to} added` : `${to} moved to ${name}`,
        ...(expect !== null && { description: `${repository} in ${registry}` }),
        ...(change && { action: { label: 'Undo', run: () => undo(change) } }),
      })
      router.push(manifestHref(target, to))
      router.refresh()
    },
    onError,
  })
}
