import { SafeText } from '@/components/ui/safe-text'
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

/** Named values of both sides. Equal ones are counted, and hidden in the Changes view. */
export function ChangeTable({
  title,
  rows,
  onlyChanges,
}: {
  title: string
  rows: readonly ChangeRow[]
  onlyChanges: boolean
}) {
  const changes = rows.filter((row) => row.state !== 'same')
  const shown = onlyChanges ? changes : rows
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
              : `all ${same} unchanged`
            : `${changes.length} changed${same > 0 ? `, ${same} unchanged` : ''}`}
        </span>
      </h2>
      {shown.length > 0 && (
        <SidesTable name="Name">
          {shown.map((row) => (
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
        {text === undefined ? <span className="text-faint">–</span> : <SafeText text={text} />}
      </span>
    </td>
  )
}
