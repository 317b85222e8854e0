import type { Metadata } from 'next'
import { orNotFound } from '@/app/(shell)/r/or-not-found'
import { PlanView } from '@/components/plan/plan-view'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readPlan } from '@/lib/data/plans/read-plan'
import { visitor } from '@/lib/data/visitor'
import { loadPlanPageParams } from '@/lib/routes/plan-page'

export const metadata: Metadata = { title: 'Deletion plan' }

/** A plan before it runs, while it does, and what became of it: all at one address. */
export default async function PlanRoute({ params, searchParams }: PageProps<'/plan/[id]'>) {
  const { id } = await params
  const { show, page } = await loadPlanPageParams(searchParams)
  const query = { id, show, page: Math.max(1, page) }
  const read = await orNotFound(readPlan(await visitor(), query))
  return read.ok ? <PlanView query={query} initial={read.value} /> : <ProblemNotice problem={read.problem} />
}
