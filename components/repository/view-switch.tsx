import { Link } from '@/components/ui/link'
import { pathHref } from '@/lib/routes/href'
import { TAG_VIEWS, type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface ViewSwitchProps {
  registry: string
  repository: string
  state: TagTableState
}

const NAMES = { tags: 'Tags', images: 'Images', history: 'History' } as const

/** A row for each tag, one for each image with its tags, or what happened to them. */
export function ViewSwitch({ registry, repository, state }: ViewSwitchProps) {
  const { view: current = 'tags' } = state
  return (
    <nav aria-label="Rows" className="flex rounded-md border bg-sunken p-0.5 text-sm">
      {TAG_VIEWS.map((view) => (
        <Link
          key={view}
          href={pathHref(
            registry,
            repository,
            tagTableQuery({ ...state, view, page: 1, ...(current === 'history' && { q: '' }) }),
          )}
          scroll={false}
          aria-current={view === current ? 'page' : undefined}
          className="flex h-6.5 items-center rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs"
        >
          {NAMES[view]}
        </Link>
      ))}
    </nav>
  )
}
