export const HISTORY_CHANGES = ['any', 'appeared', 'moved', 'gone'] as const
export const HISTORY_SOURCES = ['any', 'change', 'notification', 'sync'] as const

/** Which changes a history shows. */
export interface HistoryState {
  /** In the query language: `repo:team-a/** tag:latest`. */
  readonly q: string
  readonly change: (typeof HISTORY_CHANGES)[number]
  /** How a change was learnt. */
  readonly how: (typeof HISTORY_SOURCES)[number]
  /** A user's name, or `unknown`. Empty: anyone. */
  readonly by: string
  /** Where the page before ended. Empty: the newest. */
  readonly after: string
}

/** What of a state is not the default: as it goes into a link. */
export function historyQuery({ q, change, how, by, after }: HistoryState): Record<string, string | undefined> {
  return {
    q: q || undefined,
    change: change === 'any' ? undefined : change,
    how: how === 'any' ? undefined : how,
    by: by || undefined,
    after: after || undefined,
  }
}
