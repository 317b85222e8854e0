import { Pager } from '@/components/ui/pager'
import type { ImageTable as Page } from '@/lib/data/tags/read-images'
import { plural } from '@/lib/format/bytes'
import { repositoryHref } from '@/lib/routes/href'
import { tagTableQuery } from '@/lib/routes/tag-table-query'
import { ImageList } from './image-list'
import type { TagTableContext } from './tag-columns'
import { NOT_SIGNED, TagToolbar } from './tag-toolbar'

interface ImageTableProps extends TagTableContext {
  page: Page
}

/** The images of a repository: one row for each digest, with its tags. */
export function ImageTable({ page, ...context }: ImageTableProps) {
  const { place, state } = context
  return (
    <>
      <TagToolbar place={place} state={state} queries={page.matching > 0 || state.q ? [NOT_SIGNED] : []} page={page}>
        <p className="text-xs text-muted" role="status">
          {page.isLowerBound && 'at least '}
          {plural(page.matching, 'image')}
          {page.partial && <span className="text-warn">, partial: {page.partial}</span>}
        </p>
      </TagToolbar>
      <div id="tags">
        <ImageList
          {...context}
          images={page.images}
          untagged={page.untagged}
          footer={
            page.images.length === 0 &&
            !page.untagged && (
              <p className="px-4 py-10 text-center text-sm text-muted">
                {page.problem
                  ? 'The filter isn’t valid, so nothing is shown.'
                  : page.isLowerBound
                    ? 'No images have been read yet.'
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
        hrefOf={(to) => repositoryHref(place, tagTableQuery({ ...state, page: to }))}
      />
    </>
  )
}
