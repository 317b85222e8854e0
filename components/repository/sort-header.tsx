import { ArrowDown, ArrowUp } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { pathHref } from '@/lib/routes/href'
import { type TagSort, type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface SortHeaderProps {
  registry: string
  repository: string
  state: TagTableState
  /** What this column can sort by. */
  sorts: readonly TagSort[]
  label: string
  align?: 'right'
  className?: string
}

const NAMES: Record<TagSort, string> = { version: 'version', name: 'name', created: 'created', size: 'size' }

/** A column's head with a link for each way to sort by it; the link of the current one turns it around. */
export function SortHeader({ registry, repository, state, sorts, label, align, className }: SortHeaderProps) {
  const active = sorts.find((sort) => sort === state.sort)
  return (
    <th
      scope="col"
      aria-sort={active ? (state.dir === 'asc' ? 'ascending' : 'descending') : undefined}
      className={cn(align === 'right' && 'text-right', className)}
    >
      {sorts.length > 1 && <span className="mr-2">{label}</span>}
      {sorts.map((sort) => {
        const isActive = sort === active
        const dir = isActive ? (state.dir === 'asc' ? 'desc' : 'asc') : sort === 'name' ? 'asc' : 'desc'
        const Arrow = state.dir === 'asc' ? ArrowUp : ArrowDown
        return (
          <Link
            key={sort}
            href={pathHref(registry, repository, tagTableQuery({ ...state, sort, dir, page: 1 }))}
            scroll={false}
            title={`Sort by ${NAMES[sort]}, ${dir === 'asc' ? 'ascending' : 'descending'}`}
            className={cn(
              'inline-flex h-7 items-center gap-0.5 rounded underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink',
              align !== 'right' && 'mr-2',
              isActive && 'text-ink',
              // A narrow screen has the list of orders above the table, and no room for this one.
              sorts.length > 1 && 'max-sm:hidden',
            )}
          >
            {sorts.length > 1 ? `by ${NAMES[sort]}` : label}
            {isActive && <Arrow aria-hidden className="size-3" />}
          </Link>
        )
      })}
    </th>
  )
}
