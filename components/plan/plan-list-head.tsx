'use client'

import { Link } from '@/components/ui/link'
import { UrlFilter } from '@/components/ui/url-filter'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { deletes, planCount, planUnit } from '@/lib/format/plan-unit'
import { planHref } from '@/lib/routes/href'
import { PLAN_BYS, PLAN_SHOWS, type PlanPageState, type PlanShow, planPageQuery } from '@/lib/routes/plan-page-query'
import { mayContinue, runShows, shownCount } from './plan-words'

const NAMES: Readonly<Record<PlanShow, string>> = {
  all: 'All',
  image: 'Images to delete',
  tags: 'Only tags',
  create: 'To add',
  move: 'To move',
  label: 'To label',
  left: 'Left alone',
  attention: 'Needs attention',
  done: 'Done',
  restored: 'Restored',
  waiting: 'Waiting',
}

const PLANNED: Readonly<Record<PlanPage['plan']['work'], readonly PlanShow[]>> = {
  delete: ['image', 'tags', 'left'],
  retag: ['create', 'move', 'left'],
  label: ['label', 'left'],
  untagged: ['image', 'left'],
}

/** What of the plan is listed, and how. */
export function PlanListHead({ page: { plan, counts }, state }: { page: PlanPage; state: PlanPageState }) {
  const hrefOf = (change: Partial<PlanPageState>) => planHref(plan.id, planPageQuery({ ...state, page: 1, ...change }))
  const isPlan = plan.startedAt === undefined
  const own = isPlan ? PLANNED[plan.work] : runShows(counts)
  const shows = PLAN_SHOWS.filter((one) => one === 'all' || one === state.show || own.includes(one))
  const ticked = planCount(plan.work, counts.planned)
  const selectable = ticked + planCount(plan.work, counts.unticked)
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="w-full sm:w-64">
        <UrlFilter label="Filter this plan" shown={state.q} hrefOf={(q) => hrefOf({ q })} />
      </div>
      <nav aria-label="Items" className="flex flex-wrap rounded-md border bg-sunken p-0.5 text-sm">
        {shows.map((show) => (
          <Link
            key={show}
            href={hrefOf({ show })}
            scroll={false}
            aria-current={show === state.show ? 'page' : undefined}
            className={SEGMENT}
          >
            {show === 'waiting' && !mayContinue(plan) ? 'Not tried' : NAMES[show]}{' '}
            <span className="ml-1.5 text-xs tabular">{formatCount(shownCount({ plan, counts }, show))}</span>
          </Link>
        ))}
      </nav>
      {plan.state === 'draft' && selectable > 0 && (
        <p className="text-xs text-muted tabular">
          Deselect what to {deletes(plan.work) ? 'keep' : 'leave alone'}. {formatCount(ticked)} of{' '}
          {plural(selectable, planUnit(plan.work))} selected.
        </p>
      )}
      <nav aria-label="Rows" className="flex empty:hidden sm:ms-auto rounded-md border bg-sunken p-0.5 text-sm">
        {(plan.work === 'untagged' ? [] : PLAN_BYS).map((by) => (
          <Link
            key={by}
            href={hrefOf({ by })}
            scroll={false}
            aria-current={by === state.by ? 'page' : undefined}
            className={SEGMENT}
          >
            By {by}
          </Link>
        ))}
      </nav>
    </div>
  )
}

const SEGMENT =
  'flex h-6.5 items-center rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs'
