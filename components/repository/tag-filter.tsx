'use client'

import { useQueryStates } from 'nuqs'
import { useEffect, useState, useTransition } from 'react'
import { FilterInput } from '@/components/ui/filter-input'
import { tagTableParams } from '@/lib/routes/tag-table'

const SETTLE = 180

/** Filters by what a tag's name holds. The field answers at once; the page follows when typing rests. */
export function TagFilter() {
  const [, startTransition] = useTransition()
  const [{ q }, setState] = useQueryStates(tagTableParams, { shallow: false, startTransition })
  const [text, setText] = useState(q)
  useEffect(() => {
    if (text === q) return
    const timer = setTimeout(() => void setState({ q: text || null, page: null }), SETTLE)
    return () => clearTimeout(timer)
  }, [text, q, setState])
  return <FilterInput label="Filter tags" value={text} onChange={setText} shortcut="/" />
}
