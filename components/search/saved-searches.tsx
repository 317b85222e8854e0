import { Bookmark } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { SavedSearch } from '@/lib/data/search/saved-searches'
import { visibleText } from '@/lib/format/visible-text'
import { DeleteSavedSearch } from './late-parts'

/** The visitor's own saved searches. */
export function SavedSearches({ searches }: { searches: readonly SavedSearch[] }) {
  if (searches.length === 0) return null
  return (
    <nav aria-label="Saved searches" className="mt-3">
      <ul className="flex flex-wrap gap-1.5">
        {searches.map(({ id, name, href }) => (
          <li key={id} className="inline-flex max-w-full items-center rounded-md border bg-surface text-xs shadow-xs">
            <Link href={href} className="inline-flex min-w-0 items-center gap-1.5 py-1 pl-2 hover:text-accent">
              <Bookmark aria-hidden className="size-3 shrink-0 text-muted" />
              <span className="truncate">{visibleText(name)}</span>
            </Link>
            <DeleteSavedSearch id={id} name={name} />
          </li>
        ))}
      </ul>
    </nav>
  )
}
