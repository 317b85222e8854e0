'use client'

import { FilterInput } from '@/components/ui/filter-input'
import { onDemand } from '@/components/ui/on-demand'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import type { Problem } from '@/lib/problem/problem'
import { FILTER_HINT, filterKind } from './filter-kind'

interface NameFilterProps {
  label: string
  /** The text in the address. */
  shown: string
  /** Why it can't be used. */
  problem: Problem | undefined
  /** What is wrong in a query. */
  mistake?: string | undefined
  /** Terms that say where the names are, for completing a query. Without it, only names are filtered. */
  scope?: string | undefined
  /** Of a name and of a query. */
  example?: string
  shortcut?: string | undefined
  /** Id of the element that holds what it finds. */
  results: string
  hrefOf: (text: string) => string
}

const FilterSuggestions = onDemand(() =>
  import('@/components/search/filter-suggestions').then((module) => module.FilterSuggestions),
)

/** Filters the names of a page by words, a glob or a regular expression, in its address. */
export function NameFilter({
  label,
  shown,
  problem,
  mistake,
  scope,
  example,
  shortcut,
  results,
  hrefOf,
}: NameFilterProps) {
  const { text, setText, isPending } = useUrlFilter(shown, hrefOf)
  const isQuery = scope !== undefined && /[:=]/.test(text)
  const error =
    problem && text === shown
      ? `${problem.title}. ${problem.detail} ${problem.advice ?? ''}`
      : text === shown
        ? mistake
        : undefined
  return (
    <FilterInput
      label={label}
      value={text}
      onChange={setText}
      shortcut={shortcut}
      example={example}
      hint={scope === undefined ? FILTER_HINT : `${FILTER_HINT}. Or a query: age:>90d, label:team=quay, size:>1GiB`}
      note={isQuery ? undefined : filterKind(text)}
      error={error}
      results={results}
      isPending={isPending}
      completion={
        isQuery ? (input) => <FilterSuggestions text={text} setText={setText} input={input} scope={scope} /> : undefined
      }
    />
  )
}
