'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { pathHref } from '@/lib/routes/href'
import { type TagSort as Sort, type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

const ORDERS = [
  ['version', 'desc', 'Newest version first'],
  ['version', 'asc', 'Oldest version first'],
  ['created', 'desc', 'Last created first'],
  ['created', 'asc', 'First created first'],
  ['size', 'desc', 'Largest first'],
  ['size', 'asc', 'Smallest first'],
  ['name', 'asc', 'Name, A to Z'],
  ['name', 'desc', 'Name, Z to A'],
] as const satisfies readonly (readonly [Sort, 'asc' | 'desc', string])[]

interface TagSortProps {
  registry: string
  repository: string
  state: TagTableState
}

/** Every order of the tags, where the screen has no room for the head of each column. */
export function TagSort({ registry, repository, state }: TagSortProps) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const select = (index: number) => {
    const order = ORDERS[index]
    if (!order) return
    const [sort, dir] = order
    const href = pathHref(registry, repository, tagTableQuery({ ...state, sort, dir, page: 1 }))
    startTransition(() => router.replace(href, { scroll: false }))
  }
  return (
    <select
      aria-label="Order of the tags"
      aria-busy={isPending}
      value={ORDERS.findIndex(([sort, dir]) => sort === state.sort && dir === state.dir)}
      onChange={(event) => select(Number(event.target.value))}
      className="h-8 rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs sm:hidden"
    >
      {ORDERS.map(([sort, dir, label], index) => (
        <option key={`${sort} ${dir}`} value={index}>
          {label}
        </option>
      ))}
    </select>
  )
}
