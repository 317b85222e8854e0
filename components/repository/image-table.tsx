import { Pager } from '@/components/ui/pager'
import type { ImageTable as Page } from '@/lib/data/tags/read-images'
import { plural } from '@/lib/format/bytes'
import { pathHref } from '@/lib/routes/href'
import { tagTableQuery } from '@/lib/routes/tag-table-query'
import { ImageList } from './image-list'
import { ResolutionProgress } from './resolution-progress'
import type { TagTableContext } from './tag-columns'
import { TagFilter } from './tag-filter'
import { ViewSwitch } from './view-switch'

interface ImageTableProps extends TagTableContext {
  page: Page
}

/** The images of a repository: one row for each digest, with its tags. */
export function ImageTable({ page, ...context }: ImageTableProps) {
  const { registry, repository, state } = context
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <ViewSwitch registry={registry} repository={repository} state={state} />
        <div className="w-full sm:w-72">
          <TagFilter registry={registry} repository={repository} state={state} problem={page.problem} />
        </div>
        <p className="text-xs text-muted" role="status">
          {page.isLowerBound && 'at least '}
          {plural(page.matching, 'image')}
          {page.partial && <span className="text-warn">, partial: {page.partial}</span>}
        </p>
        {page.resolved && (
          <ResolutionProgress
            registry={registry}
            repository={repository}
            done={page.resolved.done}
            total={page.resolved.total}
          />
        )}
      </div>
      <div id="tags">
        <ImageList
          {...context}
          images={page.images}
          footer={
            page.images.length === 0 && (
              <p className="px-4 py-10 text-center text-sm text-muted">
                {page.problem
                  ? 'The filter isn’t valid, so nothing is shown.'
                  : page.isLowerBound
                    ? 'No image has been read yet.'
                    : `No image has a tag that matches “${state.q.trim()}”.`}
              </p>
            )
          }
        />
      </div>
      <Pager
        count={page.matching}
        size={page.size}
        page={page.page}
        hrefOf={(to) => pathHref(registry, repository, tagTableQuery({ ...state, page: to }))}
      />
    </>
  )
}
