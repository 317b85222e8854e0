import { Tag } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { LabelsPage, LabelValue } from '@/lib/data/labels/read-labels'
import { quotedText } from '@/lib/filter/quoted-text'
import { formatCount } from '@/lib/format/bytes'
import { searchHref } from '@/lib/routes/href'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { IMAGES } from './images-column'

const LONGEST = 300

/** The values of one key; each leads to the tags that have it. */
export function ValueTable({
  values: { key, values, isAll },
  state,
  children,
}: {
  values: NonNullable<LabelsPage['values']>
  state: LabelsPageState
  /** Above the table. */
  children?: React.ReactNode
}) {
  const columns: Column<LabelValue>[] = [
    {
      id: 'value',
      role: 'name',
      head: 'Value',
      cell: ({ value }) =>
        value.length > LONGEST ? (
          <SafeText text={`${value.slice(0, LONGEST)}…`} />
        ) : (
          <Link href={searchHref({ q: `label:${quotedText(key)}=${quotedText(value)}` })}>
            <SafeText text={value} />
          </Link>
        ),
    },
    IMAGES,
  ]
  return (
    <section>
      <p className="mb-3 text-sm text-muted">
        <Link href={labelsHref({ ...state, key: null })} className="text-accent">
          All keys
        </Link>{' '}
        / <SafeText text={key} className="font-medium text-ink" /> ·{' '}
        <Link
          href={searchHref({ q: `label:${quotedText(key)}` })}
          className="text-accent underline-offset-2 hover:underline"
        >
          tags with it
        </Link>{' '}
        ·{' '}
        <Link
          href={searchHref({ q: `-label:${quotedText(key)}` })}
          className="text-accent underline-offset-2 hover:underline"
        >
          tags without it
        </Link>
      </p>
      {children}
      {values.length === 0 ? (
        <Empty icon={Tag} title="No values">
          No image that you can see has the label <SafeText text={key} />.
        </Empty>
      ) : (
        <Table
          name="label-values"
          caption={`Values of ${key}`}
          columns={columns}
          rows={values}
          rowKey={({ value }) => value}
          isText
        />
      )}
      {!isAll && <p className="mt-2 text-xs text-muted">The {formatCount(values.length)} most frequent values.</p>}
    </section>
  )
}
