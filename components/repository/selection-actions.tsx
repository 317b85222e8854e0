'use client'

import { Copy, GitCompareArrows, Lock, Plus, Tag, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button, buttonStyles } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { Link } from '@/components/ui/link'
import { onDemand } from '@/components/ui/on-demand'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { ChangeButton } from '@/components/ui/refusal'
import { RefusedButton } from '@/components/ui/refused-button'
import { formatCount, plural } from '@/lib/format/bytes'
import { barePlace } from '@/lib/oci/place'
import { notYours } from '@/lib/problem/access-problem'
import { useMutation } from '@/lib/query/hooks'
import { planDeletionMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { compareHref } from '@/lib/routes/compare-href'
import { planHref } from '@/lib/routes/href'
import { useSelection } from './tag-selection'

const DIALOGS = {
  copy: onDemand(() => import('@/components/copy/copy-tags-dialog').then((one) => one.CopyTagsDialog)),
  retag: onDemand(() => import('@/components/plan/retag-tags-dialog').then((one) => one.RetagTagsDialog)),
  label: onDemand(() => import('@/components/plan/label-tags-dialog').then((one) => one.LabelTagsDialog)),
}

const ALL_PROTECTED =
  'A rule protects every selected tag. An admin can override it for one tag at a time, on the page of the tag.'

/** Floats above the foot of the window while tags are selected. */
export function SelectionActions({
  may,
}: {
  may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean; readonly label: boolean }
}) {
  const { place, selected, count, onPage, matching, selectMatching, clear } = useSelection()
  const router = useRouter()
  const plan = useMutation({ ...planDeletionMutation(), onSuccess: (id) => router.push(planHref(id)) })
  const [asking, setAsking] = useState<keyof typeof DIALOGS>()
  const [a, b, ...more] = selected.by === 'tag' ? [...selected.tags.values()] : []
  const locked = selected.by === 'tag' ? [...selected.tags.values()].filter(({ isProtected }) => isProtected) : []
  const deletable = count - locked.length
  const canWiden = selected.by === 'tag' && matching > onPage.length && count >= onPage.length
  const select =
    selected.by === 'tag' ? { tags: [...selected.tags.keys()] } : { matching: selected.q, except: [...selected.except] }
  const Dialog = asking && DIALOGS[asking]
  const remove = () => plan.mutate({ ...barePlace(place), select })
  return (
    <section
      aria-label="Selected tags"
      data-foot=""
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-x-1 gap-y-1 rounded-xl border bg-surface px-4 py-2 text-sm shadow-lg max-sm:[&_:is(a,button)>svg]:hidden sm:gap-x-3 sm:gap-y-2 print:hidden"
    >
      <span role="status" className="font-medium max-sm:-order-2">
        {plural(count, 'tag')} selected
      </span>
      {may.delete && locked[0] && (
        <span className="flex items-center gap-1.5 text-xs text-muted max-sm:basis-full">
          <Lock aria-hidden className="size-3.5" />
          {locked.length === 1 ? `${locked[0].tag} is` : `${formatCount(locked.length)} are`} protected and won’t be
          deleted
        </span>
      )}
      {canWiden && (
        <Button variant="ghost" size="sm" className="text-accent max-sm:-order-2" onClick={selectMatching}>
          Select all {formatCount(matching)}
        </Button>
      )}
      {a && !b && <span className="text-xs text-muted max-sm:hidden">Select another tag to compare</span>}
      {a && b && more.length === 0 && (
        <Link href={compareHref(place, a, b)} className={buttonStyles({ variant: 'ghost', size: 'sm' })}>
          <GitCompareArrows aria-hidden />
          Compare
        </Link>
      )}
      {may.copy && (
        <ChangeButton variant="ghost" size="sm" onClick={() => setAsking('copy')}>
          <Copy aria-hidden />
          Copy to
        </ChangeButton>
      )}
      {may.retag && (
        <ChangeButton variant="ghost" size="sm" onClick={() => setAsking('retag')}>
          <Tag aria-hidden />
          Retag
        </ChangeButton>
      )}
      {may.label && (
        <ChangeButton variant="ghost" size="sm" onClick={() => setAsking('label')}>
          <Plus aria-hidden />
          Add label
        </ChangeButton>
      )}
      {may.delete && deletable === 0 ? (
        <RefusedButton variant="danger-outline" size="sm" why={ALL_PROTECTED}>
          <Trash2 aria-hidden />
          Delete {plural(count, 'tag')}
        </RefusedButton>
      ) : may.delete ? (
        <ChangeButton variant="danger-outline" size="sm" disabled={plan.isPending || plan.isSuccess} onClick={remove}>
          <Trash2 aria-hidden />
          {plan.isPending ? 'Checking…' : `Delete ${plural(deletable, 'tag')}`}
        </ChangeButton>
      ) : (
        may.retag && (
          <RefusedButton variant="danger-outline" size="sm" why={notYours('deleting')}>
            <Trash2 aria-hidden />
            Delete {plural(count, 'tag')}
          </RefusedButton>
        )
      )}
      {/* On a phone: beside the count, above the actions, which then fit in one line. */}
      <Button variant="ghost" size="sm" className="max-sm:-order-1 max-sm:ml-auto" onClick={clear}>
        Clear
        <span className="max-sm:hidden">
          <Kbd>Esc</Kbd>
        </span>
      </Button>
      <i aria-hidden className="-order-1 basis-full sm:hidden" />
      {plan.error && <ProblemNotice problem={problemFrom(plan.error)} role="alert" className="basis-full" />}
      {Dialog && <Dialog place={place} select={select} count={count} onClose={() => setAsking(undefined)} />}
    </section>
  )
}
