import { queryOptions } from '@tanstack/react-query'
import { followSyncs, syncNow } from '../actions/sync.ts'
import type { SyncStateView } from '../data/sync/read-sync-states.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/** The state of the syncs, polled often while one is running. */
export const syncStatesQuery = (initialData: readonly SyncStateView[]) =>
  queryOptions({
    queryKey: ['sync-states'],
    queryFn: async (): Promise<readonly SyncStateView[]> => unwrap(await followSyncs()),
    initialData,
    refetchInterval: ({ state }) => (state.data?.some(({ running }) => running) ? 2_000 : 60_000),
  })

export const syncMutation = () => mutation(syncNow)
