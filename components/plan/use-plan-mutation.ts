import type { UseMutationOptions } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@/lib/query/hooks'
import { unfinishedJobsQuery } from '@/lib/query/jobs'
import { planKey, tickPlanMutation } from '@/lib/query/plans'

/** A change of a plan: afterwards the page reads the plan again. */
export function usePlanMutation<Input>(id: string, options: UseMutationOptions<void, Error, Input>) {
  const client = useQueryClient()
  return useMutation({
    ...options,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: planKey(id) })
      void client.invalidateQueries({ queryKey: unfinishedJobsQuery(0).queryKey })
    },
  })
}

/** Selects and deselects items of a draft. */
export function useTick(id: string) {
  return usePlanMutation(id, tickPlanMutation())
}
