'use client'

import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { SyncStateView } from '@/lib/data/sync/read-sync-states'
import { formatCount, plural } from '@/lib/format/bytes'
import { useMutation, useQuery } from '@/lib/query/hooks'
import { syncMutation, syncStatesQuery } from '@/lib/query/sync'
import { problemFrom } from '@/lib/query/unwrap'

interface SyncLineProps {
  registry: string
  states: readonly SyncStateView[]
  /** Whether the visitor may start one. */
  maySync: boolean
}

/** On a registry's card: the last sync, and the progress of a running one. */
export function SyncLine({ registry, states, maySync }: SyncLineProps) {
  const { data, refetch } = useQuery(syncStatesQuery(states))
  const sync = useMutation({ ...syncMutation(), onSuccess: () => void refetch() })
  const state = data.find((one) => one.registry === registry)
  if (!state) return null
  const { running, completeAt, lastProblem, problems } = state
  return (
    <div className="mb-3 text-xs text-muted">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1" role="status">
        {running ? (
          <span>
            {running.total > 0
              ? `Syncing, ${formatCount(running.done)} of ${plural(running.total, 'repository', 'repositories')}`
              : 'Starting to sync…'}
          </span>
        ) : completeAt ? (
          <span>
            Synced <Time iso={completeAt} />
          </span>
        ) : (
          <span>Not synced yet: search, labels and history only cover what has been opened.</span>
        )}
        {lastProblem && !running && (
          <span className="text-warn">
            {lastProblem.isStopped ? 'The last sync stopped' : 'The last sync is incomplete'}{' '}
            <Time iso={lastProblem.at} />
            {lastProblem.failed > 0 && `: ${plural(lastProblem.failed, 'repository', 'repositories')} failed`}
          </span>
        )}
        {problems > 0 && <span className="text-warn">{plural(problems, 'manifest')} can’t be read</span>}
        {maySync && !running && (
          <button
            type="button"
            disabled={sync.isPending}
            onClick={() => sync.mutate({ registry, everything: true })}
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            Sync now
          </button>
        )}
      </p>
      {sync.error && <ProblemNotice problem={problemFrom(sync.error)} role="alert" className="mt-2" />}
    </div>
  )
}
