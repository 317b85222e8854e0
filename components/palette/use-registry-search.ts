'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { parseFilter } from '@/lib/filter/parse-filter'
import { registrySearchQuery } from '@/lib/query/repositories'
import type { NameMatch } from './match-names'

/** Longer than for our own lists: a registry's search may be slow, and counted. */
const SETTLE = 400
const SHORTEST = 2

export interface RegistrySearch {
  readonly matches: readonly NameMatch[]
  /** Registries whose search gave no answer. */
  readonly failed: readonly string[]
}

const NOTHING: RegistrySearch = { matches: [], failed: [] }

/** What is typed, when it is words, as the registries find it that do not list all they have. */
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
