import { Database } from 'lucide-react'
import type { SearchParams } from 'nuqs/server'
import { LoadArchive } from '@/components/load/load-archive'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { EntrySection } from '@/components/registry/entry-section'
import { ListingNotes } from '@/components/registry/listing-notes'
import { Empty } from '@/components/ui/empty'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Refuse } from '@/components/ui/refusal'
import { Time } from '@/components/ui/time'
import type { Actor } from '@/lib/access/actor'
import { type RegistryOverview, readRegistry } from '@/lib/data/registries/read-repositories'
import { plural } from '@/lib/format/bytes'
import { UNREACHABLE } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { ASK_ADMIN } from '@/lib/problem/problem'
import type { EntryListState } from '@/lib/routes/entry-list-query'
import { loadEntryListParams } from '@/lib/routes/page-params'
import { PendingScreen } from '../pending-screen'
import { Timely } from '../timely'

interface RootScreenProps {
  actor: Actor
  registry: string
  searchParams: Promise<SearchParams>
}

/** A registry's root: every namespace and repository at the top. */
export async function RootScreen({ actor, registry, searchParams }: RootScreenProps) {
  const state = await loadEntryListParams(searchParams)
  return (
    <Timely
      reading={attempt(async () => readRegistry(actor, registry, state), actor)}
      fallback={<PendingScreen title={registry} breadcrumbs={<Breadcrumbs registry={registry} />} />}
    >
      {(read) =>
        read.ok ? (
          <Root overview={read.value} state={state} />
        ) : (
          <>
            <Breadcrumbs registry={registry} />
            <h1 className="mb-4 text-xl font-semibold tracking-tight">{registry}</h1>
            <ProblemNotice problem={read.problem} />
          </>
        )
      }
    </Timely>
  )
}

function Root({
  overview: { name, location, seesSetup, listing, load },
  state,
}: {
  overview: RegistryOverview
  state: EntryListState
}) {
  // No part of the list has arrived yet.
  const hasList = listing.ok && (listing.value.page.total > 0 || !listing.value.isListing)
  return (
    <>
      <Breadcrumbs registry={name} />
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight">{name}</h1>
        {location && <span className="mono min-w-0 truncate text-muted">{location}</span>}
        {hasList && listing.ok && (
          <span className="ml-auto flex items-center gap-1 text-xs text-muted">
            {listing.value.partial && 'at least '}
            {plural(listing.value.page.total, 'repository', 'repositories')}, listed{' '}
            <Time iso={listing.value.listedAt} />
            <RefreshButton registry={name} />
          </span>
        )}
        {load && listing.ok && (
          <Refuse why={listing.value.lastSeen && UNREACHABLE}>
            <LoadArchive registry={name} asksRepository={load === 'into-one'} />
          </Refuse>
        )}
      </div>
      <ListingNotes registry={name} listing={listing} />
      {listing.ok && listing.value.page.total === 0 && !listing.value.isListing && (
        <Empty icon={Database} title="No repositories">
          Push an image to this registry, then list it again.{' '}
          {seesSetup ? (
            <>
              If its catalog hides what the account may pull, name the repositories with REGISTRY_REPOSITORIES, or under{' '}
              <code className="mono">repositories</code> in the configuration file.
            </>
          ) : (
            `Are images missing here? ${ASK_ADMIN}`
          )}
        </Empty>
      )}
      {listing.ok && listing.value.page.total > 0 && (
        <EntrySection place={{ kind: 'registry', registry: name, state }} page={listing.value.page} shortcut="/" />
      )}
    </>
  )
}
