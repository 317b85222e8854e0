import { Link } from '@/components/ui/link'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { LabelsPage } from '@/lib/data/labels/read-labels'
import { formatCount, plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { manifestHref } from '@/lib/routes/href'
import { LabelCell } from './label-cell'

type Timeline = NonNullable<LabelsPage['timeline']>
type Period = Timeline['periods'][number]

/** What a key's value was over time, by when the images were created. */
export function LabelTimeline({ timeline, place }: { timeline: Timeline; place: Place }) {
  const { periods, undated, isComplete } = timeline
  const columns: Column<Period>[] = [
    { id: 'value', role: 'name', head: 'Value', cell: ({ cell }) => <LabelCell cell={cell} /> },
    { id: 'from', width: 9, head: 'First built', stacked: 'from', cell: ({ from }) => <Time iso={iso(from)} /> },
    { id: 'until', width: 9, head: 'Last built', stacked: 'to', cell: ({ until }) => <Time iso={iso(until)} /> },
    {
      id: 'tags',
      width: 16,
      head: 'Tags',
      cell: ({ tags: [first, last], count }) => (
        <>
          <Link href={manifestHref(place, first)}>{first}</Link>
          {last !== first && (
            <>
              {' to '}
              <Link href={manifestHref(place, last)}>{last}</Link>
            </>
          )}
          {count > 2 && <small>{formatCount(count)} tags</small>}
        </>
      ),
    },
  ]
  return (
    <section aria-labelledby="over-time" className="mb-6">
      <h2 id="over-time" className="mb-2 text-sm font-medium">
        Over time
      </h2>
      <Table
        name="label-timeline"
        caption="Values over time"
        columns={columns}
        rows={periods}
        rowKey={(_, index) => index}
        isText
      />
      {(undated > 0 || !isComplete) && (
        <p className="mt-2 text-xs text-muted">
          {!isComplete && 'The 1,000 newest tags. '}
          {undated > 0 && `${plural(undated, 'tag')} left out: the image doesn’t say when it was created.`}
        </p>
      )}
    </section>
  )
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
