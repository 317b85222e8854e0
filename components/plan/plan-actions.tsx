'use client'

import { Ban, Download, Pause, Play, RotateCw, Undo2 } from 'lucide-react'
import { Button, buttonStyles } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import {
  cancelPlanMutation,
  pausePlanMutation,
  resumePlanMutation,
  retryPlanMutation,
  undoPlanMutation,
} from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { planExportHref } from '@/lib/routes/href'
import { usePlanMutation } from './use-plan-mutation'

/** What can be done with the plan in the state that it is in. */
export function PlanActions({ page }: { page: PlanPage }) {
  const { plan, counts, may } = page
  const { id, state, isStopping } = plan
  const pause = usePlanMutation(id, pausePlanMutation())
  const cancel = usePlanMutation(id, cancelPlanMutation())
  const resume = usePlanMutation(id, resumePlanMutation())
  const retry = usePlanMutation(id, retryPlanMutation())
  const undo = usePlanMutation(id, undoPlanMutation())
  const error = pause.error ?? cancel.error ?? resume.error ?? retry.error ?? undo.error
  const isBusy = pause.isPending || cancel.isPending || resume.isPending || retry.isPending || undo.isPending
  const isStopped = state === 'finished' || state === 'cancelled' || state === 'paused'
  const canCancel = state === 'running' || state === 'paused' || state === 'undoing'
  return (
    <div className="flex flex-wrap items-center gap-2">
      {(['csv', 'json'] as const).map((format) => (
        <a key={format} href={planExportHref(id, format)} className={buttonStyles()} download>
          <Download aria-hidden />
          {format.toUpperCase()}
        </a>
      ))}
      {state === 'running' && (
        <Button disabled={isBusy || isStopping} onClick={() => pause.mutate(id)}>
          <Pause aria-hidden />
          {isStopping ? 'Stopping…' : 'Pause'}
        </Button>
      )}
      {canCancel && (
        <Button variant="danger-outline" disabled={isBusy || isStopping} onClick={() => cancel.mutate(id)}>
          <Ban aria-hidden />
          Cancel the rest
        </Button>
      )}
      {isStopped && may.undo && counts.undoable.tags > 0 && (
        <Button disabled={isBusy} onClick={() => undo.mutate(id)}>
          <Undo2 aria-hidden />
          Undo all {plural(counts.undoable.tags, 'tag')}
        </Button>
      )}
      {state === 'paused' && may.run && (
        <Button variant="primary" disabled={isBusy} onClick={() => resume.mutate(id)}>
          <Play aria-hidden />
          Resume
        </Button>
      )}
      {isStopped && may.run && counts.failed.tags > 0 && (
        <Button variant="primary" disabled={isBusy} onClick={() => retry.mutate({ id })}>
          <RotateCw aria-hidden />
          Retry {formatCount(counts.failed.tags)} failed
        </Button>
      )}
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" className="basis-full" />}
    </div>
  )
}
