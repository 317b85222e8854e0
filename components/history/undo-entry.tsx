'use client'

import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { showUndone } from '@/components/change/show-undone'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { ChangeButton } from '@/components/ui/refusal'
import { showToast } from '@/components/ui/toast'
import type { HistoryEntry } from '@/lib/data/history/history-entry'
import { plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { restoreTrashedMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { planHref } from '@/lib/routes/href'

interface UndoEntryProps {
  place: Place
  tags: readonly string[]
  undo: NonNullable<HistoryEntry['undo']>
}

/** Undoes an entry's change; a batch is undone on its own page. */
export function UndoEntry({ place: { registry, repository }, tags, undo }: UndoEntryProps) {
  const router = useRouter()
  const restore = useMutation({
    ...restoreTrashedMutation(),
    onSuccess: (outcomes) => {
      const [failed, ...others] = showUndone(outcomes, `${repository} in ${registry}`)
      if (failed) {
        const { title, detail } = failed.problem
        const more = others.length > 0 ? ` ${plural(others.length, 'other change')} not undone either.` : ''
        showToast({ tone: 'danger', title: `Not undone: ${title}`, description: `${detail}${more}` })
      }
      router.refresh()
    },
    onError: (error) => {
      const { title, detail } = problemFrom(error)
      showToast({ tone: 'danger', title, description: detail })
    },
  })
  if ('plan' in undo)
    return (
      <Link href={planHref(undo.plan)} className={buttonStyles({ size: 'sm' })}>
        Undo batch…
      </Link>
    )
  return (
    <ChangeButton
      size="sm"
      aria-label={`Undo: ${tags.slice(0, 3).join(', ')}`}
      disabled={restore.isPending || restore.data?.every(({ ok }) => ok)}
      onClick={() => restore.mutate({ changes: undo.changes.map((change) => ({ registry, repository, change })) })}
    >
      <Undo2 aria-hidden />
      Undo
    </ChangeButton>
  )
}
