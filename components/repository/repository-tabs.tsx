import { TabLink, TabNav } from '@/components/ui/tab-nav'
import { formatCount } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { repositoryHref } from '@/lib/routes/href'
import { TAG_VIEWS, type TagTableState, type TagView, tagTableQuery } from '@/lib/routes/tag-table-query'

interface RepositoryTabsProps {
  place: Place
  view: TagView
  state: TagTableState
  tags: number
}

/** The tags that only hold referrers have no tab: a link beside the other tags leads to them. */
const NAMES: Readonly<Record<Exclude<TagView, 'referrers'>, string>> = {
  tags: 'Tags',
  images: 'Images',
  history: 'History',
  labels: 'Labels',
  storage: 'Storage',
  policy: 'Policy',
}

/** The ways to look at a repository. Tags and images share their filter and order; the other tabs start without one. */
export function RepositoryTabs({ place, view: current, state, tags }: RepositoryTabsProps) {
  const isTable = (view: TagView) => view === 'tags' || view === 'images'
  return (
    <TabNav label="Views of this repository">
      {TAG_VIEWS.filter((view) => view !== 'referrers').map((view) => (
        <TabLink
          key={view}
          href={repositoryHref(
            place,
            isTable(view) && isTable(current) ? tagTableQuery({ ...state, view, page: 1 }) : { view: queryOf(view) },
          )}
          scroll={false}
          current={view === current ? 'page' : undefined}
          count={view === 'tags' && tags > 0 ? formatCount(tags) : undefined}
        >
          {NAMES[view]}
        </TabLink>
      ))}
    </TabNav>
  )
}

function queryOf(view: TagView): TagView | undefined {
  return view === 'tags' ? undefined : view
}
