'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { FilterInput } from '@/components/ui/filter-input'
import { pathHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

const SETTLE = 180

interface TagFilterProps {
  registry: string
  repository: string
  state: TagTableState
}

/** Filters by what a tag's name holds. The field answers at once; the page and its address follow when typing rests. */
export function TagFilter({ registry, repository, state }: TagFilterProps) {
  const router = useRouter()
  const [, startTransition] = useTransition()
  const [text, setText] = useState(state.q)
  useEffect(() => {
    if (text === state.q) return
    const href = pathHref(registry, repository, tagTableQuery({ ...state, q: text, page: 1 }))
    const timer = setTimeout(() => startTransition(() => router.replace(href, { scroll: false })), SETTLE)
    return () => clearTimeout(timer)
  }, [text, state, registry, repository, router])
  return <FilterInput label="Filter tags" value={text} onChange={setText} shortcut="/" />
}
