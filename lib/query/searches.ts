import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { deleteSavedSearch, saveSearch, suggestTerms } from '../actions/searches.ts'
import { mutation } from './mutation.ts'
import { unwrap } from './unwrap.ts'

/** What could be typed next in a query, at the cursor. */
export const suggestionsQuery = (text: string, cursor: number) =>
  queryOptions({
    queryKey: ['search-suggestions', text, cursor],
    queryFn: async () => unwrap(await suggestTerms({ text, cursor })),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

export const saveSearchMutation = () => mutation(saveSearch)

export const deleteSavedSearchMutation = () => mutation(deleteSavedSearch)
