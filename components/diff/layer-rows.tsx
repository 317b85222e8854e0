import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import type { LayerCell, LayerDiff, LayerRow } from '@/lib/data/manifest/read-diff'
import { buildCommand } from '@/lib/format/build-command'
import { plural } from '@/lib/format/bytes'
import { pageOf } from '@/lib/format/page-of'
import { ChangeMark } from './change-mark'

interface LayerRowsProps {
  diff: LayerDiff
  onlyChanges: boolean
  /** From 1. */
  page: number
  hrefOf: (page: number) => string
}

const SIZE = 100

/** The build steps of both sides, aligned: shared ones once, others beside their replacement. */
export function LayerRows({ diff, onlyChanges, page, hrefOf }: LayerRowsProps) {
  const changes = diff.rows.filter((row) => row.state !== 'shared')
  const shown = pageOf(onlyChanges ? changes : diff.rows, page, SIZE)
  const shared = diff.rows.length - changes.length
  if (diff.rows.length === 0) return null
  return (
    <section aria-label="Layers and history">
      <h2 className="mb-2 flex items-baseline gap-2 text-sm font-medium">
        Layers and history
        <span className="text-xs font-normal text-muted">
          {changes.length === 0
            ? `all ${plural(shared, 'step')} shared`
            : `${plural(changes.length, 'step')} changed${shared > 0 ? `, ${shared} shared` : ''}`}
          {!diff.aligned && '. The images differ too much to align every step.'}
        </span>
      </h2>
      {shown.total > 0 && (
        <ol className="overflow-hidden rounded-xl border bg-surface shadow-xs">
          {shown.items.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps repeat, and their place is what they are
            <Row key={index} row={row} />
          ))}
        </ol>
      )}
      <Pager count={shown.total} size={shown.size} page={shown.page} hrefOf={hrefOf} />
    </section>
  )
}

/** More of a command isn't compared by eye: the image's own page has it. */
const TITLE = 1000

function Row({ row: { state, before, after } }: { row: LayerRow }) {
  const command = (after ?? before)?.createdBy
  return (
    <li
      className={cn(
        'grid grid-cols-[1.5rem_1fr] gap-x-3 border-b md:gap-x-5 px-3 py-2 text-sm last:border-0 md:grid-cols-[1.5rem_minmax(0,1fr)_15rem_15rem]',
        state === 'shared' && 'text-muted',
      )}
    >
      <ChangeMark state={state} />
      <code className="mono line-clamp-3 break-words" title={command?.slice(0, TITLE)}>
        {command ? (
          <SafeText text={buildCommand(command.slice(0, TITLE))} />
        ) : (
          <span className="text-muted">no history</span>
        )}
      </code>
      <Cell cell={before} label="Before" />
      <Cell cell={after} label="After" />
    </li>
  )
}

function Cell({ cell, label }: { cell?: LayerCell; label: string }) {
  return (
    <span className="flex items-center gap-2 max-md:col-start-2 max-md:mt-1">
      <span className="w-12 shrink-0 text-xs text-muted md:sr-only">{label}</span>
      {!cell && <span className="text-faint">–</span>}
      {cell?.empty && <span className="text-xs text-muted">no layer</span>}
      {cell?.digest && (
        <>
          <Digest digest={cell.digest} swatch copy={false} />
          {cell.size !== undefined && <Bytes bytes={cell.size} className="ml-auto text-right tabular" />}
        </>
      )}
    </span>
  )
}
