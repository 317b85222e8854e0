import type { LinkQuery } from './link-query.ts'

/** `name`: what is directly there. All others list every repository below: by its path, or by what is known of it. */
export const ENTRY_ORDERS = ['name', 'path', 'tags', 'created', 'size', 'signed', 'findings'] as const
export type EntryOrder = (typeof ENTRY_ORDERS)[number]

/** What of the names below a place is shown. */
export interface EntryListState {
  /** The filter as it was typed: see `parseFilter`. */
  readonly names: string
  /** From 1. */
  readonly namesPage: number
  readonly order?: EntryOrder
  /** Names go from A to Z, everything else from the most to the least, unless it is `asc`: then the other way round. */
  readonly orderDir?: 'asc' | 'desc'
}

/** What of a state is not the default: as it goes into a link. */
export function entryListQuery(state: EntryListState): LinkQuery {
  const { names, namesPage, order, orderDir } = state
  return {
    names: names || undefined,
    namesPage: namesPage === 1 ? undefined : namesPage,
    order: order === 'name' ? undefined : order,
    orderDir: orderDir === 'desc' ? undefined : orderDir,
  }
}
