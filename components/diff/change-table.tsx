import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import { ChangeMark } from './change-mark'

export interface ChangeRow {
  readonly key: string
  readonly name: string
  readonly before?: string
  readonly after?: string
  readonly state: 'added' | 'removed' | 'changed' | 'same'
  readonly note?: string
}

/** Named values of both sides. What is the same is counted, and left out unless all is asked for. */
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
            ? `all ${same} the same`
            : `${changes.length} changed${same > 0 ? `, ${same} the same` : ''}`}
        </span>
      </h2>
      {shown.length > 0 && (
        <Panel>
          <table className="w-full min-w-144 table-fixed text-sm">
            <colgroup>
              <col className="w-11" />
              <col className="w-[28%]" />
              <col />
              <col />
            </colgroup>
            <thead className="sr-only">
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Name</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.key} className="border-b align-baseline last:border-0 [&>*]:py-1.5 [&>*]:pr-3">
                  <td className="pl-3">
                    <ChangeMark state={row.state} />
                  </td>
                  <th scope="row" className="text-left font-normal break-words">
                    <SafeText
                      text={row.name}
                      className={row.note === undefined && title === 'Config' ? undefined : 'mono'}
                    />
                    {row.note && <span className="ml-1.5 text-2xs whitespace-nowrap text-muted">{row.note}</span>}
                  </th>
                  <Value text={row.before} struck={row.state === 'removed' || row.state === 'changed'} />
                  <Value text={row.after} />
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </section>
  )
}

function Value({ text, struck = false }: { text?: string; struck?: boolean }) {
  return (
    <td className="mono break-words text-muted data-after:text-ink" data-after={struck ? undefined : ''}>
      {text === undefined ? <span className="text-faint">–</span> : <SafeText text={text} />}
    </td>
  )
}
