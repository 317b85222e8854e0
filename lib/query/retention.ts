import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { removeRetention, runRetention, saveRetention, simulateRetention } from '../actions/retention.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/**
 * What a policy would do; the last answer stays on the screen while the next is worked out.
 * @param after the policy's last run, which has changed what the next would do
 */
export const retentionSimulationQuery = (input: Parameters<typeof simulateRetention>[0], after: string) =>
  queryOptions({
    queryKey: ['retention-simulation', input, after],
    queryFn: async () => unwrap(await simulateRetention(input)),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  })

export const saveRetentionMutation = () => mutation(saveRetention)
export const removeRetentionMutation = () => mutation(removeRetention)
export const runRetentionMutation = () => mutation(runRetention)
