import { Link } from '@/components/ui/link'
import type { TagPage } from '@/lib/data/tags/read-tags'
import { formatCount } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { repositoryHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface NoMatchProps {
  place: Place
  page: TagPage
  state: TagTableState
}

/** Instead of rows: no tag matches, and similar filters that do. */
export function NoMatch({ place, page: { problem, unmatched, near = [] }, state }: NoMatchProps) {
  return (
    <p className="px-4 py-10 text-center text-sm text-muted">
      {problem
        ? 'The filter isn’t valid, so nothing is shown.'
        : unmatched === undefined
          ? `No tag matches “${state.q.trim()}”.`
          : `No tag that has been read matches “${state.q.trim()}”.`}
      {near.map(({ q, tags }) => (
        <span key={q} className="mt-1 block">
          <Link
            href={repositoryHref(place, tagTableQuery({ ...state, q, page: 1 }))}
            className="text-accent underline-offset-2 hover:underline"
          >
            {formatCount(tags)} {tags === 1 ? 'matches' : 'match'} <code className="mono">{q}</code>
          </Link>
        </span>
      ))}
    </p>
  )
}
