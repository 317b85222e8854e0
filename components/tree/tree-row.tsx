import { Box, ChevronRight, Database, Folder, HardDrive, TriangleAlert } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { Skeleton } from '@/components/ui/skeleton'
import { formatCount, plural } from '@/lib/format/bytes'
import type { TreeRow } from './tree-rows'

interface TreeRowViewProps {
  row: TreeRow
  /** Pixels from the top of the tree. */
  top: number
  href: string
  current: boolean
  /** The one row that Tab reaches. */
  tabStop: boolean
  onToggle: () => void
  onFocus: () => void
}

export function TreeRowView({ row, top, href, current, tabStop, onToggle, onFocus }: TreeRowViewProps) {
  const style = { transform: `translateY(${top}px)`, paddingLeft: 4 + row.depth * 14 }
  if (row.kind === 'loading')
    return (
      <div
        role="treeitem"
        aria-selected={false}
        aria-level={row.depth + 1}
        aria-label="Loading"
        tabIndex={-1}
        className="absolute inset-x-0 flex h-7 items-center"
        style={style}
      >
        <Skeleton width={6} className="ml-6" />
      </div>
    )
  const { label, count, Icon, problem } = describe(row)
  const expandable = row.kind === 'registry' ? !problem : row.entry.below > 0
  return (
    <div
      role="treeitem"
      data-key={row.key}
      aria-level={row.depth + 1}
      aria-selected={current}
      aria-expanded={expandable ? row.open : undefined}
      aria-setsize={row.kind === 'entry' ? row.size : undefined}
      aria-posinset={row.kind === 'entry' ? row.position : undefined}
      tabIndex={tabStop ? 0 : -1}
      onFocus={onFocus}
      style={style}
      className={cn(
        'group absolute inset-x-0 flex h-7 items-center rounded-md pr-1 text-sm outline-offset-[-2px]',
        current ? 'bg-accent-soft font-medium text-accent' : 'text-ink hover:bg-sunken',
      )}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the arrow keys of the tree do the same */}
      <span
        onClick={expandable ? onToggle : undefined}
        className={cn(
          'grid size-6 shrink-0 place-items-center text-faint',
          expandable && 'cursor-pointer hover:text-ink',
        )}
      >
        {expandable && (
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', row.open && 'rotate-90')} />
        )}
      </span>
      <Link
        href={href}
        tabIndex={-1}
        className="flex min-w-0 flex-1 items-center gap-1.5 self-stretch"
        title={problem ?? label}
      >
        <Icon
          aria-hidden
          className={cn('size-3.5 shrink-0', problem ? 'text-danger' : current ? 'text-accent' : 'text-faint')}
          strokeWidth={1.75}
        />
        <span className="truncate">{label}</span>
        {count > 0 && (
          <span className="pl-0.5 text-2xs text-faint tabular" title={plural(count, 'repository', 'repositories')}>
            {formatCount(count)}
          </span>
        )}
      </Link>
    </div>
  )
}

function describe(row: Exclude<TreeRow, { kind: 'loading' }>) {
  if (row.kind === 'registry') {
    const { name, kind, total, problem } = row.registry
    return {
      label: name,
      count: total,
      problem,
      Icon: problem ? TriangleAlert : kind === 'layout' ? HardDrive : Database,
    }
  }
  const { name, isRepository, below } = row.entry
  return { label: name, count: below, problem: undefined, Icon: isRepository ? Box : Folder }
}
