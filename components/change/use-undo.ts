'use client'

import { useRouter } from 'next/navigation'
import { showToast } from '@/components/ui/toast'
import { leftTagsText } from '@/lib/format/left-tags-text'
import { listedTags } from '@/lib/format/listed-tags'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { undoChangeMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'

/** Undoes a change to a repository and reports the outcome, even after the component that asked has unmounted. */
export function useUndo({ registry, repository }: Place, done: 'restored' | 'moved back') {
  const router = useRouter()
  const undo = useMutation({
    ...undoChangeMutation(),
    onSuccess: ({ tags, left }) => {
      const what = tags.length === 0 ? 'Image' : listedTags(tags)
      showToast({
        tone: 'good',
        title: `${what} ${done}`,
        description:
          left.length > 0
            ? `Same bytes, same digest. ${leftTagsText(left.map(({ tag }) => tag))}`
            : 'Same bytes, same digest.',
      })
      router.refresh()
    },
    onError: (error, input) => {
      const { title, detail } = problemFrom(error)
      const again = { label: 'Try again', run: () => undo.mutate(input) }
      showToast({ tone: 'danger', title: `Not ${done}: ${title}`, description: detail, action: again })
    },
  })
  return (change: string) => undo.mutate({ registry, repository, change })
}
