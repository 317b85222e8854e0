'use client'

import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { useStatedPath } from '@/components/tree/use-current-path'
import { Breakable } from '@/components/ui/breakable'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { Pager } from '@/components/ui/pager'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { deletes } from '@/lib/format/plan-unit'
import { useQuery } from '@/lib/query/hooks'
import { planQuery } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { auditHref, planHref } from '@/lib/routes/href'
import { type PlanPageState, planPageQuery } from '@/lib/routes/plan-page-query'
import { CollectGarbage } from './collect-garbage'
import { PlanActions } from './plan-actions'
import { PlanFooter } from './plan-footer'
import { PlanItems } from './plan-items'
import { PlanLeft } from './plan-left'
import { PlanNumbers } from './plan-numbers'
import { PlanProgress } from './plan-progress'
import { PlanResult } from './plan-result'
import { PlanWaiting } from './plan-waiting'
import { introOf, titleOf } from './plan-words'
import { useTick } from './use-plan-mutation'

interface PlanViewProps {
  query: PlanPageState & { readonly id: string }
  initial: PlanPage
}

const NAMES: Readonly<Record<PlanPage['plan']['work'], string>> = {
  delete: 'Deletion plan',
  retag: 'Retag plan',
  label: 'Label plan',
  untagged: 'Clean-up plan',
}
const DONE: readonly string[] = ['finished', 'cancelled', 'paused', 'undone']

/** What will be deleted, what is kept and why; the progress; the outcome, and how to undo it. */
export function PlanView({ query, initial }: PlanViewProps) {
  const { id, show, page, q } = query
  const wanted = { id, show, page, q }
  const { data = initial, error } = useQuery(planQuery(wanted, initial))
  const { plan } = data
  const tick = useTick(id)
  const problem = error ? problemFrom(error) : undefined
  useStatedPath(plan.registry, plan.repository)
  const isDraft = plan.state === 'draft' || plan.state === 'checking'
  const isDone = plan.startedAt !== undefined && DONE.includes(plan.state)
  const isMoving = plan.state === 'running' || plan.state === 'undoing'
  return (
    <>
      <Breadcrumbs registry={plan.registry} path={plan.repository} selector={NAMES[plan.work]} />
      <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-xl font-semibold tracking-tight">
            <Breakable text={titleOf(data)} />
          </h1>
          <p className="mt-1 text-sm text-muted">{introOf(data)}</p>
          <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
            <span>
              Plan <code className="mono">{plan.id}</code>
            </span>
            {plan.policy !== undefined && <span>By the retention policy {plan.policy}</span>}
            {data.by && (
              <span>
                {plan.policy === undefined ? 'By' : 'With the rights of'} {data.by}
              </span>
            )}
            <span>
              {isDraft ? 'Checked against' : 'Planned from'} {plan.registry} <Time iso={plan.checkedAt} />
            </span>
            {data.audit !== undefined && (
              <Link href={auditHref(data.audit)} className="underline-offset-2 hover:underline">
                Audit log
              </Link>
            )}
          </p>
        </div>
        <PlanActions page={data} />
      </div>
      {error && (
        <Notice tone="warn" title="Can’t refresh this page" className="mb-4">
          This is the last known state.{isMoving && ' The job continues.'}
        </Notice>
      )}
      {problem?.code === 'access.session-ended' && <ProblemNotice problem={problem} className="mb-4" />}
      {plan.problem && <ProblemNotice problem={plan.problem} className="mb-4" />}
      {data.refusal && <ProblemNotice problem={data.refusal} className="mb-4" />}
      <PlanWaiting page={data} />
      {isMoving ? <PlanProgress page={data} /> : <PlanNumbers page={data} />}
      {isDraft && data.may.undo && deletes(plan.work) && data.counts.planned.images > 0 && (
        <Notice title="You can undo this batch until garbage collection removes the layers." className="mb-4">
          One click puts back every image and every tag, with the same digests.
        </Notice>
      )}
      {isDone && <PlanResult page={data} />}
      <PlanItems page={data} state={query} tick={tick} />
      <Pager
        count={data.matching}
        size={data.size}
        page={data.page}
        hrefOf={(to) => planHref(plan.id, planPageQuery({ ...query, page: to }))}
      />
      {isDone && plan.work === 'delete' && plan.state !== 'undone' && <PlanLeft page={data} />}
      {deletes(plan.work) &&
        plan.state !== 'undone' &&
        (isDone ? data.counts.done.images > 0 : plan.work === 'untagged' && isDraft) && (
          <CollectGarbage registry={plan.registry} storage={data.storage} />
        )}
      {isDraft && <PlanFooter page={data} tick={tick} />}
    </>
  )
}
