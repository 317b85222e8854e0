import { Link } from '@/components/ui/link'
import { formatCount } from '@/lib/format/bytes'
import { labelReportHref } from '@/lib/routes/href'
import { type LabelsPageState, type LabelView, labelsPageQuery } from '@/lib/routes/labels-page-query'

/** The ways to look at labels. */
export function LabelsTabs({ state, keys }: { state: LabelsPageState; keys: number }) {
  const tab = (view: LabelView, label: React.ReactNode) => (
    <Link
      href={labelReportHref(labelsPageQuery({ ...state, view, key: null }))}
      aria-current={state.view === view ? 'page' : undefined}
      className="-mb-px border-b-2 border-transparent px-2.5 py-2 text-sm text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
    >
      {label}
    </Link>
  )
  return (
    <nav aria-label="Views" className="mb-3 flex gap-1 border-b">
      {tab('matrix', 'Matrix')}
      {tab(
        'keys',
        <>
          Keys <span className="tabular text-xs text-muted">{formatCount(keys)}</span>
        </>,
      )}
    </nav>
  )
}
