/** Which items of a plan are listed: what is to be deleted, or what became of it. */
export const PLAN_SHOWS = ['all', 'image', 'tags', 'left', 'attention', 'done', 'waiting'] as const
export type PlanShow = (typeof PLAN_SHOWS)[number]

export interface PlanPageState {
  readonly show: PlanShow
  /** From 1. */
  readonly page: number
}

export function planPageQuery({ show, page }: PlanPageState): Record<string, string | number | undefined> {
  return { show: show === 'all' ? undefined : show, page: page === 1 ? undefined : page }
}
