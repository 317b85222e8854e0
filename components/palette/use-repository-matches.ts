'use client'

import { useMemo } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { parseFilter } from '@/lib/filter/parse-filter'
import { useQuery } from '@/lib/query/hooks'
import { repositoryMatchesQuery, repositoryNamesQuery } from '@/lib/query/repositories'
import { matchNames, type NameMatch } from './match-names'

const SETTLE = 150

export interface RepositoryMatches {
  readonly matches: readonly NameMatch[]
  /** The total; unknown while the list is loading. */
  readonly found?: number
  readonly partial: boolean
  readonly error: Error | null
}

/**
 * Repositories in all registries that match the typed text. Words are matched here, so that each key is answered at
 * once; globs and patterns on the server, whose engine no pattern can hang.
 */
export function useRepositoryMatches(typed: string, enabled = true): RepositoryMatches {
  const filter = parseFilter(typed)
  const isWords = filter === undefined || 'words' in filter
  const settled = useDebounced(typed.trim(), SETTLE)
  const names = useQuery({ ...repositoryNamesQuery(), enabled: enabled && isWords })
  const asked = useQuery({
    ...repositoryMatchesQuery(settled),
    enabled: enabled && !isWords && settled === typed.trim(),
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
