import type { ActivitySummary as Summary } from '@/lib/data/history/read-history'
import { formatCount, plural } from '@/lib/format/bytes'
import type { HistoryState } from '@/lib/routes/history-query'

/** What a history lists, by the kind of change that it is narrowed to. */
export const CHANGE_WORDS = {
  any: { singular: 'change', plural: 'changes' },
  appeared: { singular: 'new tag', plural: 'new tags' },
  moved: { singular: 'move', plural: 'moves' },
  gone: { singular: 'deletion', plural: 'deletions' },
} as const satisfies Record<HistoryState['change'], { singular: string; plural: string }>

interface ActivitySummaryProps {
  summary: Summary
  change: HistoryState['change']
}

/** How much happened, where, and how it is known. Nothing where nothing did. */
export function ActivitySummary({
  summary: { changes, repositories, by, isLowerBound },
  change,
}: ActivitySummaryProps) {
  if (changes === 0) return null
  const words = CHANGE_WORDS[change]
  const sources = [
    by.change > 0 && `${formatCount(by.change)} made in Lading`,
    by.notification > 0 && `${formatCount(by.notification)} reported by registries`,
    by.sync > 0 && `${formatCount(by.sync)} found by sync`,
  ].filter((part) => part !== false)
  return (
    <p className="text-sm text-muted" role="status">
      {isLowerBound && 'At least '}
      <b className="font-medium text-ink">{plural(changes, words.singular, words.plural)}</b> in{' '}
      {plural(repositories, 'repository', 'repositories')}: {sources.join(', ')}.
    </p>
  )
}
