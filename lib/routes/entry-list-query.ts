/** What of the names below a place is shown. */
export interface EntryListState {
  /** The filter as it was typed: see `parseFilter`. */
  readonly names: string
  /** From 1. */
  readonly namesPage: number
}

/** What of a state is not the default: as it goes into a link. */
export function entryListQuery({ names, namesPage }: EntryListState): Record<string, string | number | undefined> {
  return { names: names || undefined, namesPage: namesPage === 1 ? undefined : namesPage }
}
