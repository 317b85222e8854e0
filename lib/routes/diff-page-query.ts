import type { LinkQuery } from './link-query.ts'

export const DIFF_VIEWS = ['changes', 'all', 'raw'] as const
export type DiffView = (typeof DIFF_VIEWS)[number]

/** Lists of a comparison, each with pages of its own. */
export const DIFF_SECTIONS = ['platforms', 'env', 'labels', 'packages', 'layers'] as const
export type DiffSection = (typeof DIFF_SECTIONS)[number]

/** What of a comparison its page shows. */
export interface DiffPageState {
  readonly view: DiffView
  /** From 1. */
  readonly pages: Readonly<Record<DiffSection, number>>
}

/** What of a state isn't the default, as it goes into a link. */
export function diffPageQuery({ view, pages }: DiffPageState): LinkQuery {
  return {
    view: view === 'changes' ? undefined : view,
    ...Object.fromEntries(DIFF_SECTIONS.map((section) => [section, pages[section] === 1 ? undefined : pages[section]])),
  }
}

export const FIRST_PAGES: DiffPageState['pages'] = { platforms: 1, env: 1, labels: 1, packages: 1, layers: 1 }
