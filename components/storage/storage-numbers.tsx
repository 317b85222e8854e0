import type { StoragePage } from '@/lib/data/storage/read-storage'
import { formatBytes, formatCount } from '@/lib/format/bytes'
import { StorageFigure, StorageFigures } from './storage-figure'

/** The sums of a place: what it holds, how it grew, and how much of it is shared. */
export function StorageNumbers({ page }: { page: StoragePage }) {
  const { place, path, withoutSharing, months } = page
  const unique = place.frees - place.shared
  const outside = place.total - place.frees
  const grown = (months.at(-1)?.bytes ?? 0) - (months[0]?.bytes ?? 0)
  return (
    <StorageFigures>
      <StorageFigure
        name="Total, distinct"
        value={formatBytes(place.total)}
        note={
          path ? `${formatCount(place.blobs)} configs and layers` : `${formatBytes(withoutSharing)} without sharing`
        }
      />
      {path === '' ? (
        <StorageFigure
          name="Growth, 12 months"
          value={`+${formatBytes(grown)}`}
          note="of what’s here now, by creation date"
        >
          <Bars months={months} />
        </StorageFigure>
      ) : (
        <StorageFigure
          name="Deleting all of it frees"
          value={`about ${formatBytes(place.frees)}`}
          note={outside > 0 ? `${formatBytes(outside)} is used elsewhere too` : 'nothing else uses it'}
        />
      )}
      <StorageFigure
        name="Unique to one repository"
        value={formatBytes(unique)}
        note={place.total > 0 ? `${Math.round((100 * unique) / place.total)}%, freed with its repository` : ''}
      />
      <StorageFigure name="Shared" value={formatBytes(place.shared)} note="used by several repositories" />
    </StorageFigures>
  )
}

const BAR = 28

function Bars({ months }: Pick<StoragePage, 'months'>) {
  const most = Math.max(1, ...months.map(({ bytes }) => bytes))
  return (
    <div role="img" aria-label={textOf(months)} className="flex shrink-0 items-end gap-px" style={{ height: BAR }}>
      {months.map(({ month, bytes }) => (
        <span
          key={month}
          title={`${month}: ${formatBytes(bytes)}`}
          className="w-1.5 rounded-t-xs bg-accent/60 last:bg-accent"
          style={{ height: Math.max(1, Math.round((bytes / most) * BAR)) }}
        />
      ))}
    </div>
  )
}

function textOf(months: StoragePage['months']): string {
  const [first, last] = [months[0], months.at(-1)]
  return first && last
    ? `From ${formatBytes(first.bytes)} at the end of ${first.month} to ${formatBytes(last.bytes)} now`
    : ''
}
