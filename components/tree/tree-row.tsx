import { Database, HardDrive, TriangleAlert } from 'lucide-react'
import { Icon } from '@/components/ui/icon'
import { RowLink } from '@/components/ui/row-link'
import { Skeleton } from '@/components/ui/skeleton'
import { formatCount, plural } from '@/lib/format/bytes'
import type { TreeRegistry, TreeRow } from './tree-rows'

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

/** Plain elements that the style sheet knows: every page has forty of them. */
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
  const { label, count, problem, lastSeen } = describe(row)
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
      className="tree-row"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the arrow keys of the tree do the same */}
      <span onClick={expandable ? onToggle : undefined} className="tree-toggle">
        {expandable && <Icon name="chevron" />}
      </span>
      <RowLink
        href={href}
        tabIndex={-1}
        title={problem ?? (lastSeen ? `${lastSeen}: as last seen` : label)}
        className="tree-link"
      >
        <RowIcon row={row} />
        <span className="truncate">{label}</span>
        {count > 0 && <small title={plural(count, 'repository', 'repositories')}>{formatCount(count)}</small>}
      </RowLink>
    </div>
  )
}

type ShownRow = Exclude<TreeRow, { kind: 'loading' }>

function describe(row: ShownRow): Pick<TreeRegistry, 'problem' | 'lastSeen'> & { label: string; count: number } {
  if (row.kind === 'registry') return { label: row.registry.name, count: row.registry.total, ...row.registry }
  return { label: row.entry.name, count: row.entry.below }
}

/** Registries are few; of what is in them a page has many. */
function RowIcon({ row }: { row: ShownRow }) {
  if (row.kind === 'entry') return <Icon name={row.entry.isRepository ? 'box' : 'folder'} />
  if (row.registry.problem) return <TriangleAlert aria-hidden className="icon text-danger" />
  if (row.registry.lastSeen) return <TriangleAlert aria-hidden className="icon text-warn" />
  const Kind = row.registry.kind === 'layout' ? HardDrive : Database
  return <Kind aria-hidden className="icon" />
}
