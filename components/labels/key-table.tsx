import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { LabelKey } from '@/lib/data/labels/read-labels'
import { formatCount } from '@/lib/format/bytes'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { IMAGES } from './images-column'

interface KeyTableProps {
  keys: readonly LabelKey[]
  /** How many there are. */
  total: number
  state: LabelsPageState
}

/** The keys, with how many images have each and how many values it takes. */
export function KeyTable({ keys, total, state }: KeyTableProps) {
  const columns: Column<LabelKey>[] = [
    {
      id: 'key',
      role: 'name',
      head: 'Key',
      cell: ({ key }) => (
        <Link href={labelsHref({ ...state, view: 'keys', key })}>
          <SafeText text={key} />
        </Link>
      ),
    },
    IMAGES,
    {
      id: 'values',
      width: 8,
      align: 'end',
      head: 'Distinct values',
      stacked: 'values:',
      cell: ({ values }) => formatCount(values),
    },
  ]
  return (
    <>
      <Table name="label-keys" caption="Label keys" columns={columns} rows={keys} rowKey={({ key }) => key} isText />
      {total > keys.length && (
        <p className="mt-2 text-xs text-muted">
          The {formatCount(keys.length)} most frequent of {formatCount(total)} keys. The export has all.
        </p>
      )}
    </>
  )
}
