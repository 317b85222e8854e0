'use client'

import { useQuery } from '@tanstack/react-query'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { Breakable } from '@/components/ui/breakable'
import { Notice } from '@/components/ui/notice'
import { Pager } from '@/components/ui/pager'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { planQuery } from '@/lib/query/plans'
import { planHref } from '@/lib/routes/href'
import { type PlanPageState, planPageQuery } from '@/lib/routes/plan-page-query'
import { PlanActions } from './plan-actions'
import { PlanFooter } from './plan-footer'
import { PlanItems } from './plan-items'
import { PlanNumbers } from './plan-numbers'
import { PlanProgress } from './plan-progress'
import { introOf, titleOf } from './plan-words'

interface PlanViewProps {
  query: PlanPageState & { readonly id: string }
  initial: PlanPage
}

/** What will be deleted, what stays and why; how far it is; what happened, and how to get it back. */
export function PlanView({ query, initial }: PlanViewProps) {
  const { data = initial, error } = useQuery(planQuery(query, initial))
  const { plan } = data
  const isDraft = plan.state === 'draft' || plan.state === 'checking'
  const isMoving = plan.state === 'running' || plan.state === 'undoing'
  return (
    <>
      <Breadcrumbs registry={plan.registry} path={plan.repository} selector="Deletion plan" />
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
            {data.by && <span>By {data.by}</span>}
            <span>
              {isDraft ? 'Checked against' : 'Planned from'} {plan.registry} <Time iso={plan.checkedAt} />
            </span>
          </p>
        </div>
        <PlanActions page={data} />
      </div>
      {error && (
        <Notice tone="warn" title="Can’t refresh this page" className="mb-4">
          This is the state last seen. The job goes on.
        </Notice>
      )}
      {plan.problem && <ProblemNotice problem={plan.problem} className="mb-4" />}
      {isMoving ? <PlanProgress page={data} /> : <PlanNumbers page={data} />}
      {isDraft && data.may.undo && (
        <Notice title="You can undo this batch until garbage collection removes the layers." className="mb-4">
          One click puts back every image and every tag, with the same digests.
        </Notice>
      )}
      <PlanItems page={data} show={query.show} />
      <Pager
        count={data.matching}
        size={data.size}
        page={data.page}
        hrefOf={(to) => planHref(plan.id, planPageQuery({ ...query, page: to }))}
      />
      {isDraft && <PlanFooter key={data.counts.planned.tags} page={data} />}
    </>
  )
}
