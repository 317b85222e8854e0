import { Tags } from 'lucide-react'
import type { SearchParams } from 'nuqs/server'
import { CopyAll } from '@/components/copy/copy-all'
import { CopyHere } from '@/components/copy/copy-here'
import { LoadArchive } from '@/components/load/load-archive'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { EntrySection } from '@/components/registry/entry-section'
import { LastSeenNotice } from '@/components/registry/last-seen-notice'
import { RetryButton } from '@/components/registry/retry-button'
import { PinButton } from '@/components/repository/late-parts'
import { ListingProgress } from '@/components/repository/listing-progress'
import { LiveChanges } from '@/components/repository/live-changes'
import { RepositoryHead } from '@/components/repository/repository-head'
import { RepositoryTabs } from '@/components/repository/repository-tabs'
import { RepositoryViewPage } from '@/components/repository/repository-view'
import { Breakable } from '@/components/ui/breakable'
import { cn } from '@/components/ui/cn'
import { Empty } from '@/components/ui/empty'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Refuse } from '@/components/ui/refusal'
import { Time } from '@/components/ui/time'
import type { Actor } from '@/lib/access/actor'
import { type PathPage, readPath } from '@/lib/data/registries/read-path'
import type { RepositoryTabs as Tabs } from '@/lib/data/registries/read-repository-view'
import { plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { UNREACHABLE } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { loadRepositoryParams } from '@/lib/routes/page-params'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { PendingScreen } from '../pending-screen'
import { Timely } from '../timely'

interface PathScreenProps {
  actor: Actor
  /** The repository that the path may be. */
  place: Place
  searchParams: Promise<SearchParams>
}

/** A namespace, a repository, or both at once: the entries below it, and its tags. */
export async function PathScreen({ actor, place, searchParams }: PathScreenProps) {
  const { registry, repository: path } = place
  const { table: state, tabs } = await loadRepositoryParams(searchParams, place)
  const breadcrumbs = <Breadcrumbs registry={registry} path={path} />
  return (
    <Timely
      reading={attempt(() => readPath(actor, place, state, tabs), actor)}
      fallback={<PendingScreen title={path} breadcrumbs={breadcrumbs} />}
    >
      {(read) =>
        read.ok ? (
          <Path page={read.value} place={place} state={state} tabs={tabs} />
        ) : (
          <>
            {breadcrumbs}
            <h1 className="mb-4 text-xl font-semibold tracking-tight">
              <Breakable text={path} />
            </h1>
            <ProblemNotice problem={read.problem} />
            <RetryButton {...place} />
          </>
        )
      }
    </Timely>
  )
}

interface PathProps {
  page: PathPage
  place: Place
  state: TagTableState
  tabs: Tabs
}

function Path({
  page: { below, tags, areTagsUnread, lastSeen, view, head, from, may, pinned },
  place,
  state,
  tabs,
}: PathProps) {
  const { registry, repository: path } = place
  const last = path.lastIndexOf('/') + 1
  return (
    <Refuse why={lastSeen && UNREACHABLE}>
      <Breadcrumbs registry={registry} path={path} />
      {tags && <LiveChanges place={place} />}
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-auto items-center gap-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight">
            {last > 0 && (
              <span className="text-muted">
                <Breakable text={path.slice(0, last)} />
                <wbr />
              </span>
            )}
            <Breakable text={path.slice(last)} />
          </h1>
          {pinned !== undefined && <PinButton place={place} pinned={pinned} />}
        </div>
        {tags && tags.total + tags.folded > 0 && (
          <span className="flex items-center gap-1 text-xs text-muted">
            Listed <Time iso={tags.listedAt} />
            <RefreshButton {...place} />
          </span>
        )}
        {/* On a phone those of a repository stand in one line of their own, without their icons. */}
        <div className={cn('flex flex-wrap gap-2 empty:hidden', tags && 'max-sm:w-full max-sm:[&_svg]:hidden')}>
          {may.copy && tags && tags.total > 0 && <CopyAll place={place} tags={tags.total} />}
          {may.retag && tags && <CopyHere place={place} />}
          {may.load && <LoadArchive {...place} />}
        </div>
      </div>
      {lastSeen && (
        <LastSeenNotice
          {...place}
          lastSeen={lastSeen}
          mayChange={may.retag || may.delete || may.copy || may.label || may.load}
        />
      )}
      {below.total > 0 && (
        <section aria-labelledby="below" className="mb-6">
          <h2 id="below" className="mb-1.5 text-sm font-medium text-muted">
            {tags || areTagsUnread ? 'Repositories below' : plural(below.total, 'repository', 'repositories')}
          </h2>
          <EntrySection
            place={{ kind: 'path', registry, path, state }}
            page={below}
            shortcut={tags ? undefined : '/'}
          />
        </section>
      )}
      {areTagsUnread && (
        <Empty icon={Tags} title={`The tags of ${path} have never been read`}>
          It’s a repository as well as a namespace. Its tags appear here once {registry} answers.
        </Empty>
      )}
      {tags?.isListing && <ListingProgress place={place} />}
      {tags && head && <RepositoryHead place={place} head={head} />}
      {tags && view && (
        <>
          <RepositoryTabs
            place={place}
            view={view.kind === 'as-of' ? 'tags' : view.kind}
            state={state}
            tags={tags.total}
          />
          <RepositoryViewPage place={place} tags={tags} view={view} state={state} tabs={tabs} may={may} from={from} />
        </>
      )}
    </Refuse>
  )
}
