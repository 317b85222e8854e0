'use client'

import { FilterInput } from '@/components/ui/filter-input'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import type { Problem } from '@/lib/problem/problem'
import { FILTER_HINT, filterKind } from './filter-kind'

interface NameFilterProps {
  label: string
  /** The text in the address. */
  shown: string
  /** Why it can't be used. */
  problem: Problem | undefined
  shortcut?: string | undefined
  /** Id of the element that holds what it finds. */
  results: string
  hrefOf: (text: string) => string
}

/** Filters the names of a page by words, a glob or a regular expression, in its address. */
export function NameFilter({ label, shown, problem, shortcut, results, hrefOf }: NameFilterProps) {
  const { text, setText, isPending } = useUrlFilter(shown, hrefOf)
  const error = problem && text === shown ? `${problem.title}. ${problem.detail} ${problem.advice ?? ''}` : undefined
  return (
    <FilterInput
      label={label}
      value={text}
      onChange={setText}
      shortcut={shortcut}
      hint={FILTER_HINT}
      note={filterKind(text)}
      error={error}
      results={results}
      isPending={isPending}
    />
  )
}
