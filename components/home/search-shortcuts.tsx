import { Bookmark } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import type { SavedSearch } from '@/lib/data/search/saved-searches'
import { visibleText } from '@/lib/format/visible-text'
import { searchHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'

const SHOWN = 8

/** The user's saved searches. Renders nothing without any. */
export function SearchShortcuts({ searches }: { searches: readonly SavedSearch[] }) {
  if (searches.length === 0) return null
  return (
    <HomeSection id="saved-searches" title="Saved searches" more={{ href: searchHref(), text: 'Search' }}>
      <Panel>
        <ul className="divide-y">
          {searches.slice(0, SHOWN).map(({ id, name, href }) => (
            <li key={id}>
              <Link href={href} className="flex items-center gap-2 px-4 py-2 text-sm hover:bg-sunken">
                <Bookmark aria-hidden className="size-3.5 shrink-0 text-faint" />
                <span className="min-w-0 truncate">{visibleText(name)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </HomeSection>
  )
}
