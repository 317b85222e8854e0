import type { Metadata } from 'next'
import { Suspense } from 'react'
import { HomeNeeds } from '@/components/home/home-needs'
import { EntryFilter } from '@/components/registry/entry-filter'
import { FoundInRegistries } from '@/components/registry/found-in-registries'
import { NoRegistries } from '@/components/registry/no-registries'
import { PendingRegistryCard, RegistryCard } from '@/components/registry/registry-card'
import { SyncLine } from '@/components/sync/sync-line'
import { Skeleton } from '@/components/ui/skeleton'
import { type HomeNeeds as HomeNeedsRead, readHomeNeeds } from '@/lib/data/home/read-home'
import { mayStartJobs } from '@/lib/data/jobs/jobs'
import { type PendingRegistry, type RegistryOverview, readRegistries } from '@/lib/data/registries/read-repositories'
import { readSyncStates } from '@/lib/data/sync/read-sync-states'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { loadEntryListParams } from '@/lib/routes/entry-list'
import type { EntryListState } from '@/lib/routes/entry-list-query'

export const metadata: Metadata = { title: 'Registries' }

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const state = await loadEntryListParams(searchParams)
  const actor = await visitor()
  const { registries, problem } = readRegistries(actor, state)
  const syncs = await attempt(() => readSyncStates(actor))
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <h1 className="mr-auto text-xl font-semibold tracking-tight">Registries</h1>
        {registries.length > 0 && (
          <div className="w-full sm:w-80">
            <EntryFilter
              label="Filter repositories"
              place={{ kind: 'home', state }}
              problem={problem}
              shortcut="/"
              results="registries"
            />
          </div>
        )}
      </div>
      {registries.length === 0 ? (
        <NoRegistries />
      ) : (
        <div id="registries" className="space-y-6">
          {state.names.trim() ? (
            <Suspense fallback={<Skeleton size="block" />}>
              <Found registries={registries} state={state} />
            </Suspense>
          ) : (
            registries.map(({ name, kind, location, overview }) => (
              <Suspense key={name} fallback={<PendingRegistryCard name={name} kind={kind} location={location} />}>
                <LateCard
                  overview={overview}
                  state={state}
                  sync={
                    syncs.ok && <SyncLine registry={name} states={syncs.value} maySync={mayStartJobs(actor, name)} />
                  }
                />
              </Suspense>
            ))
          )}
          {!state.names.trim() && (
            <Suspense>
              <Needs reading={readHomeNeeds(actor)} />
            </Suspense>
          )}
        </div>
      )}
    </>
  )
}

/** Once it is read: what is above it never waits for it. */
async function Needs({ reading }: { reading: Promise<HomeNeedsRead> }) {
  return <HomeNeeds needs={await reading} />
}

/** Each registry when it has answered: one that hangs holds up nothing but its own card. */
async function LateCard({ overview, ...props }: LateCardProps) {
  return <RegistryCard registry={await overview} {...props} />
}

interface LateCardProps {
  overview: Promise<RegistryOverview>
  state: EntryListState
  sync: React.ReactNode
}

/** What a filter finds anywhere: once every registry has answered, or its time is over. */
async function Found({ registries, state }: { registries: readonly PendingRegistry[]; state: EntryListState }) {
  const overviews = await Promise.all(registries.map(({ overview }) => overview))
  return <FoundInRegistries registries={overviews} state={state} />
}
