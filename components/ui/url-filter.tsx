'use client'

import { FilterInput } from './filter-input'
import { useUrlFilter } from './use-url-filter'

interface UrlFilterProps {
  label: string
  /** The text in the address. */
  shown: string
  /** The page filtered by something else. */
  hrefOf: (text: string) => string
  /** What can be typed: a tooltip, and a description for screen readers. */
  hint?: string
  /** Why the text in the address can't be used. */
  error?: string | undefined
  /** Id of the element whose `data-results` it narrows. */
  results?: string
}

/** A filter whose text is in the page's address; `/` focuses it. */
export function UrlFilter({ shown, hrefOf, error, ...field }: UrlFilterProps) {
  const { text, setText, isPending } = useUrlFilter(shown, hrefOf)
  return (
    <FilterInput
      {...field}
      value={text}
      onChange={setText}
      shortcut="/"
      error={text === shown ? error : undefined}
      isPending={isPending}
    />
  )
}
