'use client'

import { RefreshCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { SyncStateView } from '@/lib/data/sync/read-sync-states'
import { formatCount } from '@/lib/format/bytes'
import { useQuery } from '@/lib/query/hooks'
import { syncStatesQuery } from '@/lib/query/sync'

/**
 * Below the tree: which registry is being synced, and its progress. Renders nothing without a sync. When a registry has
 * been synced for the first time, the page is read again: until then it knew only a part of it.
 */
export function SyncFoot({ states }: { states: readonly SyncStateView[] }) {
  const { data } = useQuery(syncStatesQuery(states))
  useRefreshAfterFirstSync(data)
  const [first, ...others] = data.filter(({ running }) => running && running.total > 0)
  if (!first?.running) return null
  const { done, total } = first.running
  return (
    <div className="shrink-0 border-t px-4 py-2 text-xs text-muted" role="status">
      <p className="flex items-center gap-2">
        <RefreshCw aria-hidden className="size-3.5" />
        <span className="min-w-0 flex-1 truncate">
          Syncing {first.registry}
          {others.length > 0 && ` and ${others.length} more`}
        </span>
        <span className="tabular">
          {formatCount(done)} of {formatCount(total)}
        </span>
      </p>
      <progress
        aria-label={`Synced repositories of ${first.registry}`}
        value={Math.min(done, total)}
        max={total}
        className="mt-1.5 block h-1 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
    </div>
  )
}

function useRefreshAfterFirstSync(states: readonly SyncStateView[]): void {
  const router = useRouter()
  const synced = states.flatMap(({ registry, completeAt }) => (completeAt === undefined ? [] : [registry]))
  const known = useRef(synced)
  useEffect(() => {
    const isFirst = synced.some((registry) => !known.current.includes(registry))
    known.current = synced
    if (isFirst) router.refresh()
  })
}
