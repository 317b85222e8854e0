'use client'

import { useMemo } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { parseFilter } from '@/lib/filter/parse-filter'
import { useQuery } from '@/lib/query/hooks'
import { registrySearchQuery } from '@/lib/query/repositories'
import type { NameMatch } from './match-names'

/** Longer than for our own lists: a registry's search may be slow, and counted. */
const SETTLE = 400
const SHORTEST = 2

export interface RegistrySearch {
  readonly matches: readonly NameMatch[]
  /** Registries whose search didn't respond. */
  readonly failed: readonly string[]
}

const NOTHING: RegistrySearch = { matches: [], failed: [] }

/** Results for typed words from registries that don't list all their repositories. */
export function useRegistrySearch(typed: string, enabled: boolean): RegistrySearch {
  const filter = parseFilter(typed)
  const text = typed.trim()
  const settled = useDebounced(text, SETTLE)
  const asks = filter !== undefined && 'words' in filter && text.length >= SHORTEST && settled === text
  const { data } = useQuery({ ...registrySearchQuery(settled), enabled: enabled && asks })
  return useMemo(() => {
    if (!asks || !data) return NOTHING
    const matches = data.flatMap(({ registry, names }) =>
      names.ok ? names.value.map((path) => ({ registry, path })) : [],
    )
    return { matches, failed: data.flatMap(({ registry, names }) => (names.ok ? [] : [registry])) }
  }, [asks, data])
}
