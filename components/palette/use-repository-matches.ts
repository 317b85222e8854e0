'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { parseFilter } from '@/lib/filter/parse-filter'
import { repositoryMatchesQuery, repositoryNamesQuery } from '@/lib/query/repositories'
import { matchNames, type NameMatch } from './match-names'

const SETTLE = 150

export interface RepositoryMatches {
  readonly matches: readonly NameMatch[]
  /** Of how many; not known while the list is on its way. */
  readonly found?: number
  readonly partial: boolean
  readonly error: Error | null
}

/**
 * The repositories over all registries that what was typed finds. Words are looked up here, so that each key is answered
 * at once; globs and patterns by the server, which has the engine that no pattern can hang.
 */
export function useRepositoryMatches(typed: string, enabled = true): RepositoryMatches {
  const filter = parseFilter(typed)
  const isWords = filter === undefined || 'words' in filter
  const settled = useDebounced(typed.trim(), SETTLE)
  const names = useQuery({ ...repositoryNamesQuery(), enabled: enabled && isWords })
  const asked = useQuery({
    ...repositoryMatchesQuery(settled),
    enabled: enabled && !isWords && settled === typed.trim(),
    placeholderData: keepPreviousData,
  })
  const words = useMemo(
    () => (isWords && names.data ? matchNames(names.data.registries, typed) : []),
    [isWords, names.data, typed],
  )
  if (isWords)
    return {
      matches: words,
      ...(names.data && { found: words.length }),
      partial: names.data?.partial ?? false,
      error: names.error,
    }
  return {
    matches: asked.data?.matches ?? [],
    ...(asked.data && { found: asked.data.found }),
    partial: asked.data?.partial ?? false,
    error: asked.error,
  }
}
