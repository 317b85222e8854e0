import { Fold } from '@/components/ui/fold'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { formatBytes, formatCount } from '@/lib/format/bytes'
import { cutText, isLong } from '@/lib/format/folding'
import { pageOf } from '@/lib/format/page-of'
import { ChangeMark } from './change-mark'
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
  /** Another page; absent for what never has so many rows. */
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
              : `all ${formatCount(same)} unchanged`
            : `${formatCount(changes.length)} changed${same > 0 ? `, ${formatCount(same)} unchanged` : ''}`}
        </span>
      </h2>
      {shown.total > 0 && (
        <SidesTable name="Name">
          {shown.items.map((row) => (
            <tr
              key={row.key}
              className="grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3 border-b align-baseline last:border-0 max-md:px-3 max-md:py-2 md:[&>*]:py-1.5 md:[&>*]:pr-3"
            >
              <td className="md:pl-3">
                <ChangeMark state={row.state} />
              </td>
              <th scope="row" className="text-left font-normal break-words">
                <SafeText
                  text={row.name}
                  className={row.note === undefined && title === 'Config' ? undefined : 'mono'}
                />
                {row.note && <span className="ml-1.5 text-2xs whitespace-nowrap text-muted">{row.note}</span>}
              </th>
              <Value side="Before" text={row.before} struck={row.state === 'removed' || row.state === 'changed'} />
              <Value side="After" text={row.after} />
            </tr>
          ))}
        </SidesTable>
      )}
      {hrefOf && <Pager count={shown.total} size={shown.size} page={shown.page} hrefOf={hrefOf} />}
    </section>
  )
}

function Value({ side, text, struck = false }: { side: 'Before' | 'After'; text?: string; struck?: boolean }) {
  return (
    <td
      className="gap-x-2 text-muted data-after:text-ink max-md:col-start-2 max-md:mt-1 max-md:flex max-md:items-baseline"
      data-after={struck ? undefined : ''}
    >
      {/* Where the column headers are hidden. */}
      <span aria-hidden className="w-12 shrink-0 text-xs text-muted md:hidden">
        {side}
      </span>
      <span className="mono min-w-0 break-words [overflow-wrap:anywhere]">
        {text === undefined ? <span className="text-faint">–</span> : <LongText text={text} />}
      </span>
    </td>
  )
}

/** Enough of each side to compare; the image's own page has all of it. */
const CUT = 2048

function LongText({ text }: { text: string }) {
  const { shown, left } = cutText(text, CUT)
  const value = (
    <>
      <SafeText text={shown} />
      {left > 0 && <span className="block text-xs text-muted">… {formatBytes(left)} more</span>}
    </>
  )
  return isLong(shown) ? <Fold>{value}</Fold> : value
}
