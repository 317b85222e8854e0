'use client'

import { Fragment } from 'react'
import { Link } from '@/components/ui/link'
import { TableFrame, TableGroup, TableRow } from '@/components/ui/table'
import type { ItemKind } from '@/lib/data/plans/plan'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { plural } from '@/lib/format/bytes'
import { tickPlanMutation } from '@/lib/query/plans'
import { planHref } from '@/lib/routes/href'
import { PLAN_SHOWS, type PlanShow, planPageQuery } from '@/lib/routes/plan-page-query'
import { planColumns } from './plan-columns'
import { usePlanMutation } from './use-plan-mutation'

/** The items of a plan; before it runs in groups, by what is to happen to them. */
export function PlanItems({ page, show }: { page: PlanPage; show: PlanShow }) {
  const { plan, items, may } = page
  const isDraft = plan.state === 'draft'
  const isPlan = plan.startedAt === undefined
  const tick = usePlanMutation(plan.id, tickPlanMutation())
  const columns = planColumns({
    page,
    onTick: isDraft && may.run ? (positions, ticked) => tick.mutate({ id: plan.id, positions, ticked }) : undefined,
  })
  return (
    <>
      <Shows page={page} show={show} />
      <TableFrame
        name={isPlan ? 'plan' : 'plan-run'}
        caption="Items of the plan"
        columns={columns}
        isText
        footer={
          items.length === 0 && (
            <p className="px-4 py-8 text-center text-sm text-muted">Nothing in this part of the plan.</p>
          )
        }
      >
        {items.map((item, index) => (
          <Fragment key={item.position}>
            {isPlan && item.kind !== items[index - 1]?.kind && (
              <TableGroup columns={columns.length}>{groupTitle(item.kind, page)}</TableGroup>
            )}
            <TableRow columns={columns} row={item} />
          </Fragment>
        ))}
      </TableFrame>
    </>
  )
}

function groupTitle(kind: ItemKind, { counts }: PlanPage): string {
  const { imagesDeleted, imagesKept, protected: locked, skipped } = counts
  switch (kind) {
    case 'image':
      return `Images deleted: ${plural(imagesDeleted.images, 'image')}, ${plural(imagesDeleted.tags, 'tag')}`
    case 'tags':
      return `Only tags removed: ${plural(imagesKept.images, 'image')}, ${plural(imagesKept.tags, 'tag')}. The images stay whole.`
    case 'protected':
      return `Protected: ${plural(locked.tags, 'tag')}`
    case 'skipped':
      return `Skipped: ${plural(skipped.tags, 'tag')}. Not safe to delete right now.`
  }
}

const NAMES: Readonly<Record<PlanShow, string>> = {
  all: 'All',
  image: 'Images deleted',
  tags: 'Only tags removed',
  left: 'Left alone',
  attention: 'Needs attention',
  done: 'Done',
  waiting: 'Waiting',
}

function Shows({ page: { plan, counts }, show }: { page: PlanPage; show: PlanShow }) {
  const isPlan = plan.startedAt === undefined
  const shows = PLAN_SHOWS.filter((one) =>
    one === 'all' || one === show ? true : (one === 'image' || one === 'tags' || one === 'left') === isPlan,
  )
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
      <nav aria-label="Items" className="flex flex-wrap rounded-md border bg-sunken p-0.5 text-sm">
        {shows.map((one) => (
          <Link
            key={one}
            href={planHref(plan.id, planPageQuery({ show: one, page: 1 }))}
            scroll={false}
            aria-current={one === show ? 'page' : undefined}
            className="flex h-6.5 items-center rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs"
          >
            {NAMES[one]}
          </Link>
        ))}
      </nav>
      {plan.state === 'draft' && (
        <p className="text-xs text-muted">Untick what should stay. {plural(counts.planned.tags, 'tag')} ticked.</p>
      )}
    </div>
  )
}
