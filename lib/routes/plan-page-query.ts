import type { LinkQuery } from './link-query.ts'

/** Which items of a plan are listed: by what is to be deleted, or by outcome. */
export const PLAN_SHOWS = [
  'all',
  'image',
  'tags',
  'create',
  'move',
  'label',
  'left',
  'attention',
  'done',
  'restored',
  'waiting',
] as const
export type PlanShow = (typeof PLAN_SHOWS)[number]

export interface PlanPageState {
  readonly show: PlanShow
  /** From 1. */
  readonly page: number
  /** Part of a tag's name or of a digest. */
  readonly q: string
  /** One row for each image, or for each of its tags. */
  readonly by: PlanBy
}

export const PLAN_BYS = ['image', 'tag'] as const
export type PlanBy = (typeof PLAN_BYS)[number]

export function planPageQuery({ show, page, q, by }: PlanPageState): LinkQuery {
  return {
    show: show === 'all' ? undefined : show,
    by: by === 'image' ? undefined : by,
    q,
    page: page === 1 ? undefined : page,
  }
}
