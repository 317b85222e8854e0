import type { SearchParams } from 'nuqs/server'
import { CopyHere } from '@/components/copy/copy-here'
import { RepositoryHistory } from '@/components/history/repository-history'
import { LoadArchive } from '@/components/load/load-archive'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { EntrySection } from '@/components/registry/entry-section'
import { RetryButton } from '@/components/registry/retry-button'
import { ImageTable } from '@/components/repository/image-table'
import { ListingProgress } from '@/components/repository/listing-progress'
import { LiveChanges } from '@/components/repository/live-changes'
import { TagTable } from '@/components/repository/tag-table'
import { ViewSwitch } from '@/components/repository/view-switch'
import { Breakable } from '@/components/ui/breakable'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Time } from '@/components/ui/time'
import type { Actor } from '@/lib/access/actor'
import { type PathPage, readPath } from '@/lib/data/registries/read-path'
import { plural } from '@/lib/format/bytes'
import type { RepositoryName } from '@/lib/oci/reference'
import { loadHistoryParams } from '@/lib/routes/history'
import type { HistoryState } from '@/lib/routes/history-query'
import { loadTagTableParams } from '@/lib/routes/tag-table'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { PendingScreen } from './pending-screen'
import { Timely } from './timely'

interface PathScreenProps {
  actor: Actor
  registry: string
  path: RepositoryName
  searchParams: Promise<SearchParams>
}

/** A namespace, a repository, or both at once: what is below it, and its tags. */
export async function PathScreen({ actor, registry, path, searchParams }: PathScreenProps) {
  const state = { ...(await loadTagTableParams(searchParams)), history: await loadHistoryParams(searchParams) }
  const breadcrumbs = <Breadcrumbs registry={registry} path={path} />
  return (
    <Timely
      reading={readPath(actor, registry, path, state)}
      fallback={<PendingScreen title={path} breadcrumbs={breadcrumbs} />}
    >
      {(read) =>
        read.ok ? (
          <Path page={read.value} registry={registry} path={path} state={state} />
        ) : (
          <>
            {breadcrumbs}
            <h1 className="mb-4 text-xl font-semibold tracking-tight">
              <Breakable text={path} />
            </h1>
            <ProblemNotice problem={read.problem} />
            <RetryButton registry={registry} repository={path} />
          </>
        )
      }
    </Timely>
  )
}

interface PathProps {
  page: PathPage
  registry: string
  path: RepositoryName
  state: TagTableState & { readonly history: HistoryState }
}

function Path({ page: { below, tags, images, history, from, may }, registry, path, state }: PathProps) {
  return (
    <>
      <Breadcrumbs registry={registry} path={path} />
      {tags && <LiveChanges registry={registry} repository={path} />}
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight">
          <Breakable text={path} />
        </h1>
        {tags && tags.total + tags.folded > 0 && (
          <span className="ml-auto flex items-center gap-1 text-xs text-muted">
            Listed <Time iso={tags.listedAt} />
            <RefreshButton registry={registry} repository={path} />
          </span>
        )}
        {may.copy && tags && <CopyHere registry={registry} repository={path} />}
        {may.load && <LoadArchive registry={registry} repository={path} />}
      </div>
      {below.total > 0 && (
        <section aria-labelledby="below" className="mb-6">
          <h2 id="below" className="mb-1.5 text-sm font-medium text-muted">
            {tags ? 'Repositories below' : plural(below.total, 'repository', 'repositories')}
          </h2>
          <EntrySection
            place={{ kind: 'path', registry, path, state }}
            page={below}
            shortcut={tags ? undefined : '/'}
          />
        </section>
      )}
      {tags?.failure && (
        <Notice tone="warn" className="mb-3" title={`${tags.failure.title}: these are the tags last seen`}>
          Listed <Time iso={tags.listedAt} />. {tags.failure.detail} {tags.failure.advice}
          <div>
            <RetryButton registry={registry} repository={path} />
          </div>
        </Notice>
      )}
      {tags?.isListing && <ListingProgress registry={registry} repository={path} />}
      {history ? (
        <>
          <div className="mb-3 flex">
            <ViewSwitch registry={registry} repository={path} state={state} />
          </div>
          {history.ok ? (
            <RepositoryHistory registry={registry} repository={path} history={history.value} state={state.history} />
          ) : (
            <ProblemNotice problem={history.problem} />
          )}
        </>
      ) : images && tags && tags.total > 0 ? (
        <ImageTable registry={registry} repository={path} page={images} state={state} may={may} from={from} />
      ) : (
        tags &&
        (tags.total > 0 || !tags.isListing) && (
          <TagTable registry={registry} repository={path} page={tags} state={state} may={may} from={from} />
        )
      )}
    </>
  )
}
