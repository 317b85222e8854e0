'use client'

import { useMutation } from '@tanstack/react-query'
import { GitCompareArrows, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button, buttonStyles } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useShortcut } from '@/components/ui/use-shortcut'
import { formatCount, plural } from '@/lib/format/bytes'
import { planDeletionMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { compareHref } from '@/lib/routes/compare-href'
import { planHref } from '@/lib/routes/href'
import { useSelection } from './tag-selection'

/** What can be done with the selected tags: floats above the foot of the window while there are any. */
export function SelectionBar({ may }: { may: { readonly delete: boolean } }) {
  const { registry, repository, selected, count, onPage, matching, selectMatching, clear } = useSelection()
  const router = useRouter()
  const plan = useMutation({ ...planDeletionMutation(), onSuccess: (id) => router.push(planHref(id)) })
  useShortcut('Escape', () => count > 0 && clear())
  if (count === 0) return null
  const [a, b, ...more] = selected.by === 'tag' ? [...selected.tags.values()] : []
  const canWiden = selected.by === 'tag' && matching > onPage.length && count >= onPage.length
  const remove = () =>
    plan.mutate({
      registry,
      repository,
      select:
        selected.by === 'tag'
          ? { tags: [...selected.tags.keys()] }
          : { matching: selected.q, except: [...selected.except] },
    })
  return (
    <section
      aria-label="Selected tags"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border bg-surface px-4 py-2 text-sm shadow-lg print:hidden"
    >
      <span role="status" className="font-medium">
        {plural(count, 'tag')} selected
      </span>
      {canWiden && (
        <Button variant="ghost" size="sm" className="text-accent" onClick={selectMatching}>
          Select all {formatCount(matching)}
        </Button>
      )}
      {a && !b && <span className="text-xs text-muted">Select another tag to compare</span>}
      {a && b && more.length === 0 && (
        <Link href={compareHref(registry, repository, a, b)} className={buttonStyles({ variant: 'ghost', size: 'sm' })}>
          <GitCompareArrows aria-hidden />
          Compare
        </Link>
      )}
      {may.delete && (
        <Button variant="danger-outline" size="sm" disabled={plan.isPending || plan.isSuccess} onClick={remove}>
          <Trash2 aria-hidden />
          {plan.isPending ? 'Checking…' : `Delete ${plural(count, 'tag')}`}
        </Button>
      )}
      <Button variant="ghost" size="sm" onClick={clear}>
        Clear
        <Kbd>Esc</Kbd>
      </Button>
      {plan.error && <ProblemNotice problem={problemFrom(plan.error)} role="alert" className="basis-full" />}
    </section>
  )
}
