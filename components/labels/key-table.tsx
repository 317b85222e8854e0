import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { LabelKey } from '@/lib/data/labels/read-labels'
import { formatCount } from '@/lib/format/bytes'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { IMAGES } from './images-column'

/** More are found by typing. */
export const KEYS_SHOWN = 500

/** Every key, with how many images have it and how many values it takes. */
export function KeyTable({ keys, state }: { keys: readonly LabelKey[]; state: LabelsPageState }) {
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
      <Table
        name="label-keys"
        caption="Label keys"
        columns={columns}
        rows={keys.slice(0, KEYS_SHOWN)}
        rowKey={({ key }) => key}
        isText
      />
      {keys.length > KEYS_SHOWN && (
        <p className="mt-2 text-xs text-muted">
          The {formatCount(KEYS_SHOWN)} most frequent of {formatCount(keys.length)} keys. The export has all.
        </p>
      )}
    </>
  )
}
