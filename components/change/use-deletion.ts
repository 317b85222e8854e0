'use client'

import { useRouter } from 'next/navigation'
import { showToast } from '@/components/ui/toast'
import type { DeletionResult } from '@/lib/data/changes/deletion-result'
import { plural } from '@/lib/format/bytes'
import type { DeletionScope } from '@/lib/problem/change-problem'
import { useMutation } from '@/lib/query/hooks'
import { deleteImageMutation, deleteTagMutation } from '@/lib/query/tags'
import { repositoryHref } from '@/lib/routes/href'
import type { ManifestTarget } from './manifest-target'
import { useUndo } from './use-undo'

/**
 * Deletes a tag or an image. An expected outcome is shown as a toast with Undo; everything else stays with the caller,
 * as the mutation's data.
 * @param onDone when nothing is left to read
 */
export function useDeletion(target: ManifestTarget, scope: DeletionScope, onDone: () => void) {
  const { registry, repository, selector } = target
  const router = useRouter()
  const undo = useUndo(target, 'restored')
  const leave = (result: DeletionResult | undefined) => {
    onDone()
    if (!result) return
    if (isGone(result)) router.push(repositoryHref(target))
    router.refresh()
  }
  const report = (result: DeletionResult, title: string, description: string) => {
    if (!isPlain(result)) return
    const { undo: change } = result
    showToast({
      tone: 'good',
      title,
      description,
      ...(change && { action: { label: 'Undo', run: () => undo(change) } }),
    })
    leave(result)
  }
  const tag = useMutation({
    ...deleteTagMutation(),
    onSuccess: (result, { siblings }) =>
      report(
        result,
        `Tag ${selector} deleted`,
        countOf(siblings) > 0
          ? 'Verified: the image and its other tags are unchanged.'
          : 'Verified: the image is unchanged. It has no tag now.',
      ),
  })
  const image = useMutation({
    ...deleteImageMutation(),
    onSuccess: (result, { expectTags }) =>
      report(
        result,
        countOf(expectTags) === 0 ? 'Image deleted' : `Image and ${plural(countOf(expectTags), 'tag')} deleted`,
        `Verified: nothing else was deleted from ${registry}/${repository}.`,
      ),
  })
  return { tag, image, current: scope === 'tag' ? tag : image, undo, leave }
}

function countOf(shown: readonly string[] | { readonly count: number }): number {
  return 'count' in shown ? shown.count : shown.length
}

function isGone({ outcome }: DeletionResult): boolean {
  return outcome === 'deleted' || outcome === 'replaced-then-deleted'
}

/** There is nothing the user has to read. */
function isPlain(result: DeletionResult): boolean {
  return isGone(result) && result.verified && !result.putBack && !result.blobs
}
