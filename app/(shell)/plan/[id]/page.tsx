import type { Metadata } from 'next'
import { orNotFound } from '@/app/(shell)/r/or-not-found'
import type { PageProps } from '@/app/page-props'
import { PlanView } from '@/components/plan/plan-view'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readPlan } from '@/lib/data/plans/read-plan'
import { visitor } from '@/lib/data/visitor'
import { loadPlanPageParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Deletion plan' }

/** A plan before, during and after its run, all at one URL. */
export default async function PlanRoute({ params, searchParams }: PageProps<{ id: string }>) {
  const { id } = await params
  const { page, ...state } = await loadPlanPageParams(searchParams)
  const query = { id, ...state, page: Math.max(1, page) }
  const actor = await visitor()
  const read = await orNotFound(readPlan(actor, query), actor)
  return read.ok ? <PlanView query={query} initial={read.value} /> : <ProblemNotice problem={read.problem} />
}
