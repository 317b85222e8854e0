import { Tags } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import type { TagPage } from '@/lib/data/tags/read-tags'
import { formatCount, plural } from '@/lib/format/bytes'
import type { PullSource } from '@/lib/format/pull-commands'
import { manifestHref, pathHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'
import { NewestTagNote } from './newest-tag-note'
import { ResolutionProgress } from './resolution-progress'
import { SelectionBar } from './selection-bar'
import { TagFilter } from './tag-filter'
import { TagList } from './tag-list'
import { TagSelection } from './tag-selection'
import { ViewSwitch } from './view-switch'

interface TagTableProps {
  registry: string
  repository: string
  page: TagPage
  state: TagTableState
  may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean }
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
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <ViewSwitch registry={registry} repository={repository} state={state} />
        <div className="w-full sm:w-72">
          <TagFilter registry={registry} repository={repository} state={state} problem={page.problem} />
        </div>
        <p className="text-xs text-muted" role="status">
          {page.matching === page.total
            ? plural(page.total, 'tag')
            : `${formatCount(page.matching)} of ${plural(page.total, 'tag')}`}
          {page.folded > 0 && (
            <span title="Tags that only hold signatures or other referrers: they’re shown with their image">
              {', '}
              {plural(page.folded, 'referrer tag')} hidden
            </span>
          )}
          {page.partial && <span className="text-warn">, partial: {page.partial}</span>}
        </p>
        {page.newest && page.total > 1 && (
          <NewestTagNote
            registry={registry}
            repository={repository}
            newest={page.newest}
            previous={page.beforeNewest}
          />
        )}
        {page.hasLatest && page.matching > page.size && (
          <Link
            href={manifestHref(registry, repository, 'latest')}
            className="text-xs font-medium text-accent underline-offset-2 hover:underline"
          >
            Go to latest
          </Link>
        )}
        {page.resolved && (
          <ResolutionProgress
            registry={registry}
            repository={repository}
            done={page.resolved.done}
            total={page.resolved.total}
            isLimit={page.resolved.isLimit}
          />
        )}
      </div>
      <div id="tags">
        <TagList
          registry={registry}
          repository={repository}
          state={state}
          rows={page.rows}
          shared={page.shared}
          may={may}
          protectedBy={page.protectedBy}
          from={from}
          footer={
            page.matching === 0 && (
              <p className="px-4 py-10 text-center text-sm text-muted">
                {page.problem ? 'The filter isn’t valid, so nothing is shown.' : `No tag matches “${state.q.trim()}”.`}
              </p>
            )
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
