'use client'

import { FlaskConical, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { plural } from '@/lib/format/bytes'
import { cancelPlanMutation, dryRunMutation, limitPlanMutation, startPlanMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { usePlanMutation } from './use-plan-mutation'

const RATES = [1, 4, 10, 50] as const

/** Confirms the plan: the number has to be typed, as it is the one thing worth reading again. */
export function PlanFooter({ page: { plan, counts, may } }: { page: PlanPage }) {
  const { id } = plan
  const { tags } = counts.planned
  const [typed, setTyped] = useState('')
  const start = usePlanMutation(id, startPlanMutation())
  const check = usePlanMutation(id, dryRunMutation())
  const cancel = usePlanMutation(id, cancelPlanMutation())
  const limit = usePlanMutation(id, limitPlanMutation())
  const error = start.error ?? check.error ?? cancel.error ?? limit.error
  const isConfirmed = tags > 0 && typed.replace(/[\s.,]/g, '') === String(tags)
  const isBusy = start.isPending || check.isPending || plan.state !== 'draft'
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (isConfirmed) start.mutate({ id, confirm: tags })
  }
  return (
    <form
      onSubmit={submit}
      className="sticky bottom-0 z-20 -mx-4 mt-4 flex flex-wrap items-center gap-3 border-t bg-surface px-4 py-3 text-sm sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8"
    >
      {may.run && tags > 0 && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
        <label className="flex items-center gap-2">
          <span className="whitespace-nowrap">
            Type <strong>{tags}</strong> to confirm
          </span>
          <Input
            inputMode="numeric"
            className="w-24"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      )}
      <label className="flex items-center gap-2 text-xs text-muted">
        At most
        <select
          className="h-7 rounded-md border bg-surface px-1.5 text-ink"
          value={plan.rate ?? ''}
          onChange={({ target }) => limit.mutate({ id, rate: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">as fast as possible</option>
          {RATES.map((rate) => (
            <option key={rate} value={rate}>
              {plural(rate, 'image')} per second
            </option>
          ))}
        </select>
      </label>
      <div className="ms-auto flex flex-wrap items-center gap-2">
        <Button variant="ghost" disabled={cancel.isPending} onClick={() => cancel.mutate(id)}>
          Cancel
        </Button>
        <Button disabled={isBusy || tags === 0} onClick={() => check.mutate(id)}>
          <FlaskConical aria-hidden />
          Dry run
        </Button>
        <Button type="submit" variant="danger" disabled={!isConfirmed || !may.run || isBusy}>
          <Trash2 aria-hidden />
          Delete {plural(tags, 'tag')}
        </Button>
      </div>
      {!may.run && <p className="basis-full text-xs text-muted">You may look at this plan and not run it.</p>}
      {plan.state === 'checking' && (
        <p role="status" className="basis-full text-xs text-muted">
          Checking every item against {plan.registry}. Nothing is written.
        </p>
      )}
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" className="basis-full" />}
    </form>
  )
}
