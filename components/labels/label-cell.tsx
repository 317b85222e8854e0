import { CircleDashed, CircleX, Contrast, Minus } from 'lucide-react'
import { SafeText } from '@/components/ui/safe-text'
import type { MatrixPage } from '@/lib/data/labels/read-labels'
import { visibleText } from '@/lib/format/visible-text'

type Cell = MatrixPage['rows'][number]['cells'][number]

const LONGEST = 160

/** One cell of the matrix. Missing and unreadable values differ in shape and wording. */
export function LabelCell({ cell }: { cell: Cell }) {
  switch (cell.state) {
    case 'missing':
      return (
        <span className="inline-flex items-center gap-1 text-warn">
          <CircleDashed aria-hidden className="size-3.5" />
          missing
        </span>
      )
    case 'unread':
      return <NotRead />
    case 'value':
      return (
        <>
          {cell.invalid !== undefined && <Invalid expected={cell.invalid} />}
          <Value text={cell.value} />
        </>
      )
    case 'differs':
      return (
        <>
          {cell.invalid !== undefined && <Invalid expected={cell.invalid} />}
          <span className="inline-flex items-center gap-1 text-warn">
            <Contrast aria-hidden className="size-3.5" />
            {isPartlyRead(cell.platforms) ? 'partly read' : 'platforms differ'}
          </span>
          {cell.platforms.map(({ platform, values, isUnread }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: platforms may be the same
            <small key={index}>
              {platform === undefined ? 'no platform' : visibleText(platform)}:{' '}
              {values.length === 0
                ? isUnread
                  ? 'not read'
                  : 'missing'
                : values.map((text) => <Value key={text} text={text} />)}
            </small>
          ))}
        </>
      )
  }
}

/** What could be read is the same everywhere. */
function isPartlyRead(platforms: Extract<Cell, { state: 'differs' }>['platforms']): boolean {
  const read = platforms.filter(({ isUnread }) => !isUnread)
  return read.length < platforms.length && new Set(read.map(({ values }) => values.join('\0'))).size <= 1
}

function Invalid({ expected }: { expected: string }) {
  return (
    <span title={`A policy requires ${expected}`} className="flex items-center gap-1 text-danger">
      <CircleX aria-hidden className="size-3.5" />
      invalid
    </span>
  )
}

export function NotRead() {
  return (
    <span className="inline-flex items-center gap-1 text-faint">
      <Minus aria-hidden className="size-3.5" />
      not read
    </span>
  )
}

function Value({ text }: { text: string }) {
  return (
    <span title={visibleText(text.slice(0, 1_000))} className="line-clamp-3">
      <SafeText text={text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text} linked />
    </span>
  )
}
