import { Tags } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { Time } from '@/components/ui/time'
import type { TagPage } from '@/lib/data/tags/read-tags'
import { formatCount, plural } from '@/lib/format/bytes'
import type { PullSource } from '@/lib/format/pull-commands'
import type { Place } from '@/lib/oci/place'
import { manifestHref, repositoryHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'
import { LastPushNote } from './last-push-note'
import { NewestTagNote } from './newest-tag-note'
import { NoMatch } from './no-match'
import { SelectionBar } from './selection-bar'
import { TagList } from './tag-list'
import { TagSelection } from './tag-selection'
import { NOT_SIGNED, TagToolbar } from './tag-toolbar'

/** A shorter list needs no queries. */
const WORTH_FILTERING = 12

interface TagTableProps {
  place: Place
  page: TagPage
  state: TagTableState
  may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean; readonly label: boolean }
  from?: PullSource | undefined
}

export function TagTable({ place, page, state, may, from }: TagTableProps) {
  if (page.total === 0)
    return (
      <Empty icon={Tags} title="No tags">
        {page.folded > 0
          ? `Only ${plural(page.folded, 'tag')} for signatures and other referrers.`
          : 'Every tag was deleted, or images were only ever pushed by digest.'}
      </Empty>
    )
  return (
    <TagSelection
      place={place}
      q={state.q}
      onPage={page.rows.map(({ tag }) => tag)}
      matching={page.matching}
      protectedBy={page.protectedBy}
    >
      <TagToolbar
        place={place}
        state={state}
        queries={page.total < WORTH_FILTERING ? [] : [...(page.kinds ?? []), NOT_SIGNED]}
        page={page}
      >
        <p className="text-xs text-muted" role="status">
          {page.matching === page.total
            ? plural(page.total, 'tag')
            : `${formatCount(page.matching)} of ${plural(page.total, 'tag')}`}
          {page.folded > 0 && (
            <>
              {', '}
              <Link
                href={repositoryHref(place, { view: 'referrers' })}
                title="Tags that only hold signatures or other referrers: they’re shown with their image"
                className="underline underline-offset-2 hover:text-ink"
              >
                {plural(page.folded, 'referrer tag')}
              </Link>
              {' hidden'}
            </>
          )}
          {page.partial && <span className="text-warn">, partial: {page.partial}</span>}
          {page.rowsSeenAt && (
            <span title="The registry hasn’t answered yet. Changes appear here when it does.">
              ; details as of <Time iso={page.rowsSeenAt} />
            </span>
          )}
          {page.unmatched !== undefined && (
            <span className="text-warn">; {plural(page.unmatched, 'tag')} not read enough to tell</span>
          )}
        </p>
        {page.newest && page.total > 1 && (
          <NewestTagNote place={place} newest={page.newest} previous={page.beforeNewest} />
        )}
        {page.lastPush && <LastPushNote registry={place.registry} push={page.lastPush} />}
        {page.hasLatest && page.moving === 0 && page.matching > page.size && (
          <Link
            href={manifestHref(place, 'latest')}
            className="text-xs font-medium text-accent underline-offset-2 hover:underline"
          >
            Go to latest
          </Link>
        )}
      </TagToolbar>
      <div id="tags">
        <TagList
          place={place}
          state={state}
          rows={page.rows}
          moving={page.moving}
          shared={page.shared}
          may={may}
          protectedBy={page.protectedBy}
          from={from}
          footer={page.matching === 0 && <NoMatch place={place} page={page} state={state} />}
        />
      </div>
      <SelectionBar may={may} />
      <Pager
        count={page.matching}
        size={page.size}
        page={page.page}
        hrefOf={(to) => repositoryHref(place, tagTableQuery({ ...state, page: to }))}
      />
    </TagSelection>
  )
}
