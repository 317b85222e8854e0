'use server'

import type { z } from 'zod'
import { completeSearch, completionInput, type Suggestions } from '@/lib/data/search/complete-search'
import {
  deleteSavedSearchInput,
  keepSearch,
  removeSavedSearch,
  saveSearchInput,
} from '@/lib/data/search/saved-searches'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** What could be typed next in a query. */
export async function suggestTerms(input: z.input<typeof completionInput>): Promise<Attempt<Suggestions>> {
  return act(completionInput, input, completeSearch)
}

/** Keeps the page of a search under a name. */
export async function saveSearch(
  input: z.input<typeof saveSearchInput>,
): Promise<Attempt<{ readonly isFull: boolean }>> {
  return act(saveSearchInput, input, keepSearch)
}

export async function deleteSavedSearch(input: z.input<typeof deleteSavedSearchInput>): Promise<Attempt<null>> {
  return act(deleteSavedSearchInput, input, removeSavedSearch)
}
