import { Bytes } from '@/components/ui/bytes'
import type { Column } from '@/components/ui/table'

interface Storage {
  readonly total: number
  readonly frees: number
}

/** Columns for the bytes of a row: in total, the unique part of that, and what deleting it frees. */
export const TOTAL = {
  id: 'total',
  width: 5.25,
  align: 'end',
  head: 'Total',
  stacked: 'total',
  cell: ({ total }) => <Bytes bytes={total} className="tabular" />,
} as const satisfies Column<Storage>

export const SHARE = {
  id: 'share',
  width: 4,
  priority: 1,
  stacked: 'hidden',
  head: 'Unique',
  cell: ({ total, frees }) => <Share total={total} frees={frees} />,
} as const satisfies Column<Storage>

export const FREES = {
  id: 'frees',
  width: 7.5,
  align: 'end',
  head: 'Deleting frees',
  stacked: 'deleting frees about',
  cell: ({ frees }) => <Bytes bytes={frees} className="tabular" />,
} as const satisfies Column<Storage>

function Share({ total, frees }: Storage) {
  const percent = total === 0 ? 0 : Math.round((100 * frees) / total)
  return (
    <span
      role="img"
      aria-label={`${percent}% unique`}
      title={`${percent}% unique`}
      className="storage-shared block h-1.5 w-full overflow-hidden rounded-full"
    >
      <span className="block h-full bg-accent" style={{ width: `${percent}%` }} />
    </span>
  )
}
