import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { LabelsPage, LabelValue } from '@/lib/data/labels/read-labels'
import { quotedText } from '@/lib/filter/quoted-text'
import { formatCount } from '@/lib/format/bytes'
import { labelReportHref, searchHref } from '@/lib/routes/href'
import { type LabelsPageState, labelsPageQuery } from '@/lib/routes/labels-page-query'

const LONGEST = 300

/** The values of one key; each leads to the tags that have it. */
export function ValueTable({
  values: { key, values, isAll },
  state,
}: {
  values: NonNullable<LabelsPage['values']>
  state: LabelsPageState
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
    {
      id: 'images',
      width: 8,
      align: 'end',
      head: 'Images',
      stacked: 'images:',
      cell: ({ images }) => formatCount(images),
    },
  ]
  return (
    <section>
      <p className="mb-3 text-sm text-muted">
        <Link href={labelReportHref(labelsPageQuery({ ...state, key: null }))} className="text-accent">
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
      <Table
        name="label-values"
        caption={`Values of ${key}`}
        columns={columns}
        rows={values}
        rowKey={({ value }) => value}
        isText
      />
      {!isAll && <p className="mt-2 text-xs text-muted">The {formatCount(values.length)} most frequent values.</p>}
    </section>
  )
}
