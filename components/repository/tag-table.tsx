import { Tags } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { Time } from '@/components/ui/time'
import type { TagPage } from '@/lib/data/tags/read-tags'
import { formatCount, plural } from '@/lib/format/bytes'
import type { PullSource } from '@/lib/format/pull-commands'
import type { Place } from '@/lib/oci/place'
import { manifestHref, pathHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'
import { LastPushNote } from './last-push-note'
import { NewestTagNote } from './newest-tag-note'
import { NoMatch } from './no-match'
import { SelectionBar } from './selection-bar'
import { TagList } from './tag-list'
import { TagSelection } from './tag-selection'
import { TagToolbar } from './tag-toolbar'

interface TagTableProps extends Place {
  page: TagPage
  state: TagTableState
  may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean; readonly label: boolean }
  from?: PullSource | undefined
}

export function TagTable({ registry, repository, page, state, may, from }: TagTableProps) {
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
      registry={registry}
      repository={repository}
      q={state.q}
      onPage={page.rows.map(({ tag }) => tag)}
      matching={page.matching}
    >
      <TagToolbar registry={registry} repository={repository} state={state} page={page}>
        <p className="text-xs text-muted" role="status">
          {page.matching === page.total
            ? plural(page.total, 'tag')
            : `${formatCount(page.matching)} of ${plural(page.total, 'tag')}`}
          {page.folded > 0 && (
            <>
              {', '}
              <Link
                href={pathHref(registry, repository, { view: 'referrers' })}
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
            <span className="text-warn">; {plural(page.unmatched, 'tag')} not read yet, so not searched</span>
          )}
        </p>
        {page.newest && page.total > 1 && (
          <NewestTagNote
            registry={registry}
            repository={repository}
            newest={page.newest}
            previous={page.beforeNewest}
          />
        )}
        {page.lastPush && <LastPushNote registry={registry} push={page.lastPush} />}
        {page.hasLatest && page.moving === 0 && page.matching > page.size && (
          <Link
            href={manifestHref(registry, repository, 'latest')}
            className="text-xs font-medium text-accent underline-offset-2 hover:underline"
          >
            Go to latest
          </Link>
        )}
      </TagToolbar>
      <div id="tags">
        <TagList
          registry={registry}
          repository={repository}
          state={state}
          rows={page.rows}
          moving={page.moving}
          shared={page.shared}
          may={may}
          protectedBy={page.protectedBy}
          from={from}
          footer={
            page.matching === 0 && <NoMatch registry={registry} repository={repository} page={page} state={state} />
          }
        />
      </div>
      <SelectionBar may={may} />
      <Pager
        count={page.matching}
        size={page.size}
        page={page.page}
        hrefOf={(to) => pathHref(registry, repository, tagTableQuery({ ...state, page: to }))}
      />
    </TagSelection>
  )
}
