'use client'

import { Ban, Pause, Pencil, Play, RefreshCw, RotateCw, Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button, buttonStyles } from '@/components/ui/button'
import { ExportMenu } from '@/components/ui/export-menu'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { deletes, planCount, planUnit } from '@/lib/format/plan-unit'
import { useMutation, useQuery } from '@/lib/query/hooks'
import {
  cancelPlanMutation,
  pausePlanMutation,
  planAgainMutation,
  resumePlanMutation,
  retryPlanMutation,
  undoableQuery,
  undoPlanMutation,
} from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { planExportHref, planHref, repositoryHref } from '@/lib/routes/href'
import { usePlanMutation } from './use-plan-mutation'

/** The actions available in the plan's current state. */
export function PlanActions({ page }: { page: PlanPage }) {
  const { plan, counts, may } = page
  const { id, state, isStopping } = plan
  const router = useRouter()
  const pause = usePlanMutation(id, pausePlanMutation())
  const cancel = usePlanMutation(id, cancelPlanMutation())
  const resume = usePlanMutation(id, resumePlanMutation())
  const retry = usePlanMutation(id, retryPlanMutation())
  const undo = usePlanMutation(id, undoPlanMutation())
  const again = useMutation({ ...planAgainMutation(), onSuccess: (made) => router.push(planHref(made)) })
  const error = again.error ?? pause.error ?? cancel.error ?? resume.error ?? retry.error ?? undo.error
  const isBusy = pause.isPending || cancel.isPending || resume.isPending || retry.isPending || undo.isPending
  const isStopped = state === 'finished' || state === 'cancelled' || state === 'paused'
  const isCutShort = state === 'cancelled' && counts.waiting.images > 0
  const undoable = planCount(plan.work, counts.undoable)
  const failed = planCount(plan.work, counts.failed)
  const canCancel = state === 'running' || state === 'paused' || state === 'undoing'
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ExportMenu files={(['csv', 'json'] as const).map((format) => ({ format, href: planExportHref(id, format) }))} />
      {state === 'draft' && plan.query !== undefined && (
        <Link href={repositoryHref(plan, { q: plan.query })} className={buttonStyles()}>
          <Pencil aria-hidden />
          Edit query
        </Link>
      )}
      {deletes(plan.work) &&
        plan.policy === undefined &&
        (state === 'draft' || (isStopped && (counts.moved.images > 0 || plan.hasMore)) || isCutShort) &&
        may.run && (
          <Button disabled={again.isPending} onClick={() => again.mutate(id)}>
            <RefreshCw aria-hidden />
            Plan again
          </Button>
        )}
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
      {isStopped && may.undo && undoable > 0 && (
        <UndoButton
          id={id}
          all={`Undo all ${plural(undoable, planUnit(plan.work))}`}
          isBusy={isBusy}
          onUndo={() => undo.mutate(id)}
        />
      )}
      {state === 'paused' && may.run && (
        <Button variant="primary" disabled={isBusy} onClick={() => resume.mutate(id)}>
          <Play aria-hidden />
          Resume
        </Button>
      )}
      {isStopped && may.run && failed > 0 && (
        <Button variant="primary" disabled={isBusy} onClick={() => retry.mutate({ id })}>
          <RotateCw aria-hidden />
          Retry {formatCount(failed)} failed
        </Button>
      )}
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" className="basis-full" />}
    </div>
  )
}

interface UndoButtonProps {
  readonly id: string
  readonly all: string
  readonly isBusy: boolean
  readonly onUndo: () => void
}

/** Promises no more than what the registry still has. */
function UndoButton({ id, all, isBusy, onUndo }: UndoButtonProps) {
  const { data } = useQuery(undoableQuery(id))
  const lost = data?.lost.length ?? 0
  const isLost = lost > 0 && lost === data?.images
  return (
    <Button
      disabled={isBusy || isLost}
      title={isLost ? 'Nothing can be restored: every image lacks layers' : undefined}
      onClick={onUndo}
    >
      <Undo2 aria-hidden />
      {lost > 0 ? 'Undo what can be restored' : all}
    </Button>
  )
}
