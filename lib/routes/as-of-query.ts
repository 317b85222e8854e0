/** The tags of a repository as they were, as it stands in the URL. */
export interface AsOfState {
  /** `2026-11-12`: the end of that day, UTC. Absent: now. */
  readonly asOf?: string | null
  /** Also those that are as they were. */
  readonly all: boolean
  /** From 1. */
  readonly page: number
}

/** What of a state is not the default: as it goes into a link. */
export function asOfQuery({ asOf, all, page }: AsOfState) {
  return { asOf: asOf ?? undefined, all: all ? 'true' : undefined, page: page === 1 ? undefined : page }
}
