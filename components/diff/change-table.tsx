import { Fold } from '@/components/ui/fold'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { formatBytes, formatCount } from '@/lib/format/bytes'
import { cutText, isLong } from '@/lib/format/folding'
import { pageOf } from '@/lib/format/page-of'
import { SidesTable } from './sides-table'

export interface ChangeRow {
  readonly key: string
  readonly name: string
  readonly before?: string
  readonly after?: string
  readonly state: 'added' | 'removed' | 'changed' | 'same'
  readonly note?: string
}

interface ChangeTableProps {
  title: string
  rows: readonly ChangeRow[]
  onlyChanges: boolean
  /** From 1. */
  page?: number
  /** Links to another page; absent for tables that never have that many rows. */
  hrefOf?: (page: number) => string
}

const SIZE = 50

/** Named values of both sides. Equal ones are counted, and hidden in the Changes view. */
export function ChangeTable({ title, rows, onlyChanges, page = 1, hrefOf }: ChangeTableProps) {
  const changes = rows.filter((row) => row.state !== 'same')
  const shown = pageOf(onlyChanges ? changes : rows, page, SIZE)
  const same = rows.length - changes.length
  if (rows.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className="mb-2 flex items-baseline gap-2 text-sm font-medium">
        {title}
        <span className="text-xs font-normal text-muted">
          {changes.length === 0
            ? same === 1
              ? 'unchanged'
              : `${formatCount(same)} unchanged`
            : `${formatCount(changes.length)} changed${same > 0 ? `, ${formatCount(same)} unchanged` : ''}`}
        </span>
      </h2>
      {shown.total > 0 && (
        <SidesTable
          name="Name"
          caption={title}
          rows={shown.items.map((row, index) => ({
            key: String(index),
            state: row.state,
            name: (
              <>
                <SafeText
                  text={row.name}
                  longest={LONGEST_NAME}
                  className={row.note === undefined && title === 'Config' ? undefined : 'mono'}
                />
                {row.note && <span className="ml-1.5 text-2xs whitespace-nowrap text-muted">{row.note}</span>}
              </>
            ),
            before: row.before === undefined ? undefined : <LongText text={row.before} />,
            after: row.after === undefined ? undefined : <LongText text={row.after} />,
          }))}
        />
      )}
      {hrefOf && <Pager count={shown.total} size={shown.size} page={shown.page} hrefOf={hrefOf} />}
    </section>
  )
}

/** Characters of a name. */
const LONGEST_NAME = 1_000
/** Enough of each side to compare; the image's own page has the rest. */
const CUT = 2048

function LongText({ text }: { text: string }) {
  const { shown, left } = cutText(text, CUT)
  const value = (
    <>
      <SafeText text={shown} className="mono" />
      {left > 0 && <span className="block text-xs text-muted">… {formatBytes(left)} more</span>}
    </>
  )
  return isLong(shown) ? <Fold>{value}</Fold> : value
}
