'use client'

import { FlaskConical, Plus, Tag, Trash2 } from 'lucide-react'
import { startTransition, useOptimistic, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { deletes, planCount, planUnit } from '@/lib/format/plan-unit'
import { cancelPlanMutation, dryRunMutation, limitPlanMutation, startPlanMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { unjudgedText } from './plan-words'
import { usePlanMutation, type useTick } from './use-plan-mutation'

const RATES = [1, 4, 10, 50] as const

const VERBS: Readonly<Record<PlanPage['plan']['work'], { readonly Icon: typeof Tag; readonly verb: string }>> = {
  delete: { Icon: Trash2, verb: 'Delete' },
  retag: { Icon: Tag, verb: 'Add' },
  label: { Icon: Plus, verb: 'Label' },
  untagged: { Icon: Trash2, verb: 'Delete' },
}

/** `Add 3 tags`, `Move 2 tags`, `Add 3 and move 2 tags`. */
function retagText({ created, repointed }: PlanPage['counts']): string {
  if (repointed.tags === 0) return `Add ${plural(created.tags, 'tag')}`
  const moved = `move ${plural(repointed.tags, 'tag')}`
  return created.tags === 0 ? `M${moved.slice(1)}` : `Add ${formatCount(created.tags)} and ${moved}`
}

interface PlanFooterProps {
  page: PlanPage
  /** Its failure is shown here: the footer is in view from every row. */
  tick: ReturnType<typeof useTick>
}

/** Confirms the plan. Unless it only adds labels, the number has to be typed: it is the one thing worth reading again. */
export function PlanFooter({ page: { plan, counts, may }, tick }: PlanFooterProps) {
  const { id } = plan
  const { work } = plan
  const planned = planCount(work, counts.planned)
  const mustType = work !== 'label'
  const { Icon, verb } = VERBS[work]
  // Typed for another selection, it no longer confirms anything.
  const { revision } = plan
  const [{ typed, of }, setTyped] = useState({ typed: '', of: revision })
  const confirmed = of === revision ? typed : ''
  const skipped = planCount(work, counts.skipped)
  const [dryRun, setDryRun] = useState<{ readonly checkedAt: string; readonly skipped: number }>()
  const start = usePlanMutation(id, startPlanMutation())
  const check = usePlanMutation(id, dryRunMutation())
  const cancel = usePlanMutation(id, cancelPlanMutation())
  const limit = usePlanMutation(id, limitPlanMutation())
  const [rate, showRate] = useOptimistic(plan.rate)
  const chooseRate = (chosen: number | undefined) =>
    startTransition(async () => {
      showRate(chosen)
      await limit.mutateAsync({ id, rate: chosen ?? null }).catch(() => {})
    })
  const [failed] = [start, check, cancel, limit, tick]
    .filter(({ error }) => error !== null)
    .sort((one, other) => other.submittedAt - one.submittedAt)
  const isConfirmed = planned > 0 && (!mustType || confirmed.replace(/[\s.,]/g, '') === String(planned))
  const isBusy = start.isPending || check.isPending || plan.state !== 'draft'
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (isConfirmed) start.mutate({ id, revision })
  }
  return (
    <form
      onSubmit={submit}
      data-foot=""
      className="sticky bottom-0 z-20 -mx-4 mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 border-t bg-surface px-4 py-3 text-sm sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8"
    >
      {may.run && planned > 0 && mustType && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
        <label className="flex items-center gap-2">
          <span className="whitespace-nowrap">
            Type <strong>{planned}</strong> to confirm
          </span>
          <Input
            inputMode="numeric"
            isSized
            className="w-16 sm:w-24"
            value={confirmed}
            onChange={({ target }) => setTyped({ typed: target.value, of: revision })}
          />
        </label>
      )}
      <label className="flex min-w-0 flex-1 basis-24 items-center gap-2 text-xs text-muted sm:flex-none">
        <span className="sr-only sm:not-sr-only">Speed</span>
        <select
          className="h-7 min-w-0 rounded-md border bg-surface px-1.5 text-ink"
          value={rate ?? ''}
          onChange={({ target }) => chooseRate(target.value === '' ? undefined : Number(target.value))}
        >
          <option value="">as fast as possible</option>
          {RATES.map((each) => (
            <option key={each} value={each}>
              {plural(each, 'image')} per second
            </option>
          ))}
        </select>
      </label>
      <div className="ms-auto flex flex-wrap items-center gap-2">
        <Button variant="ghost" disabled={cancel.isPending} onClick={() => cancel.mutate(id)}>
          Cancel
        </Button>
        <Button
          disabled={isBusy || planned === 0}
          onClick={() => {
            setDryRun({ checkedAt: plan.checkedAt, skipped })
            check.mutate(id)
          }}
        >
          <FlaskConical aria-hidden />
          Dry run
        </Button>
        <Button
          type="submit"
          variant={deletes(work) ? 'danger' : 'primary'}
          disabled={!isConfirmed || !may.run || isBusy}
        >
          <Icon aria-hidden />
          {work === 'retag' ? retagText(counts) : `${verb} ${plural(planned, planUnit(work))}`}
        </Button>
      </div>
      {plan.unjudged !== undefined && <p className="basis-full text-xs text-warn">{unjudgedText(plan)}</p>}
      {!may.run && <p className="basis-full text-xs text-muted">You can view this plan, but you can’t run it.</p>}
      {plan.state === 'checking' && (
        <p role="status" className="basis-full text-xs text-muted">
          Checking every item against {plan.registry}. Nothing is written.
        </p>
      )}
      {dryRun && plan.state === 'draft' && plan.checkedAt !== dryRun.checkedAt && (
        <p role="status" className="basis-full text-xs text-muted">
          Dry run finished, and nothing was written.{' '}
          {skipped > dryRun.skipped
            ? `${plural(skipped - dryRun.skipped, planUnit(work))} will be skipped: the list says why.`
            : 'Everything is still as planned.'}
        </p>
      )}
      {failed?.error && <ProblemNotice problem={problemFrom(failed.error)} role="alert" className="basis-full" />}
    </form>
  )
}
