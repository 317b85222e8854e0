'use server'

import { z } from 'zod'
import { type JobView, startSync } from '@/lib/data/jobs/jobs'
import { readSyncStates, type SyncStateView } from '@/lib/data/sync/read-sync-states'
import { syncInput } from '@/lib/data/sync/sync-job'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** How the syncs of all registries stand. */
export async function followSyncs(): Promise<Attempt<SyncStateView[]>> {
  return act(z.undefined(), undefined, readSyncStates)
}

/** Reads a registry into the catalog now. */
export async function syncNow(input: z.input<typeof syncInput>): Promise<Attempt<JobView>> {
  return act(syncInput, input, startSync)
}
