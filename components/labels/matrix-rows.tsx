import { Link } from '@/components/ui/link'
import { labelsHref } from '@/lib/routes/labels-href'
import { LABEL_ROWS, type LabelsPageState } from '@/lib/routes/labels-page-query'

const NAMES = { newest: 'Newest tag', all: 'All tags' } as const

/** A row for the newest tag of each repository, or for every tag. */
export function MatrixRows({ state }: { state: LabelsPageState }) {
  return (
    <nav aria-label="Rows" className="flex rounded-md border bg-sunken p-0.5 text-sm">
      {LABEL_ROWS.map((rows) => (
        <Link
          key={rows}
          href={labelsHref({ ...state, rows, page: 1, after: null })}
          scroll={false}
          aria-current={rows === state.rows ? 'page' : undefined}
          className="flex h-7.5 items-center rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs"
        >
          {NAMES[rows]}
        </Link>
      ))}
    </nav>
  )
}
