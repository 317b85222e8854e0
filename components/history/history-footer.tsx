import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { type HistoryPlace, historyHref } from '@/lib/routes/history-href'
import type { HistoryState } from '@/lib/routes/history-query'

interface HistoryFooterProps {
  place: HistoryPlace
  state: HistoryState
  next: string | undefined
  children?: React.ReactNode
}

/** When the record begins, and links to older and newer changes. */
export function HistoryFooter({ place, state, next, children }: HistoryFooterProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 bg-sunken px-4 py-2.5 text-xs text-muted">
      <span className="mr-auto">{children}</span>
      {state.after !== '' && (
        <Link href={historyHref(place, { ...state, after: '' })} className={buttonStyles({ size: 'sm' })}>
          Newest
        </Link>
      )}
      {next !== undefined && (
        <Link href={historyHref(place, { ...state, after: next })} className={buttonStyles({ size: 'sm' })}>
          Older
        </Link>
      )}
    </div>
  )
}
