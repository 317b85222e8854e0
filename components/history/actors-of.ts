import type { HistoryEntry } from '@/lib/data/history/history-entry'

/** Whose changes these are, as far as that is known. */
export function actorsOf(entries: readonly HistoryEntry[]): readonly string[] {
  return [...new Set(entries.flatMap(({ actor }) => actor ?? []))].sort()
}
