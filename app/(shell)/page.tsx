import { Database } from 'lucide-react'
import type { Metadata } from 'next'
import { Suspense } from 'react'
import type { PageProps } from '@/app/page-props'
import { HomeNeeds } from '@/components/home/home-needs'
import { HomeSummary } from '@/components/home/home-summary'
import { SyncLine } from '@/components/home/late-parts'
import { EntryFilter } from '@/components/registry/entry-filter'
import { FoundInRegistries } from '@/components/registry/found-in-registries'
import { isFailing, PendingRegistryCard, RegistryCard } from '@/components/registry/registry-card'
import { Empty } from '@/components/ui/empty'
import { Skeleton } from '@/components/ui/skeleton'
import { type HomeNeeds as HomeNeedsRead, readHomeNeeds } from '@/lib/data/home/read-home'
import { maySync } from '@/lib/data/jobs/jobs'
import { type PendingRegistry, type RegistryOverview, readRegistries } from '@/lib/data/registries/read-repositories'
import { readSyncStates } from '@/lib/data/sync/read-sync-states'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import type { EntryListState } from '@/lib/routes/entry-list-query'
import { loadEntryListParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'What needs you' }

export default async function HomePage({ searchParams }: PageProps) {
  const state = await loadEntryListParams(searchParams)
  const actor = await visitor()
  const { registries, problem } = readRegistries(actor, state)
  const syncs = await attempt(() => readSyncStates(actor), actor)
  const needs = state.names.trim() ? undefined : readHomeNeeds(actor)
  const isOnly = registries.length === 1
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <h1 className="mr-auto text-xl font-semibold tracking-tight">
          {state.names.trim() ? 'Registries' : 'What needs you'}
        </h1>
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
            <>
              {needs && (
                <Suspense>
                  <Summary reading={needs} failing={failingOf(registries)} />
                </Suspense>
              )}
              <div className={isOnly ? undefined : 'grid items-start gap-4 xl:grid-cols-2'}>
                {registries.map(({ name, kind, location, overview }) => (
                  <Suspense key={name} fallback={<PendingRegistryCard name={name} kind={kind} location={location} />}>
                    <LateCard
                      overview={overview}
                      isOnly={isOnly}
                      state={state}
                      sync={
                        syncs.ok && <SyncLine registry={name} states={syncs.value} maySync={maySync(actor, name)} />
                      }
                    />
                  </Suspense>
                ))}
              </div>
            </>
          )}
          {needs && (
            <Suspense>
              <Needs reading={needs} />
            </Suspense>
          )}
        </div>
      )}
    </>
  )
}

/** Streamed once read: content above never waits for it. */
async function Needs({ reading }: { reading: Promise<HomeNeedsRead> }) {
  return <HomeNeeds needs={await reading} />
}

/** Likewise in one line, above the registries. */
async function Summary({ reading, failing }: SummaryProps) {
  return <HomeSummary needs={await reading} failing={failing} />
}

interface SummaryProps {
  reading: Promise<HomeNeedsRead>
  failing: Promise<readonly string[]>
}

async function failingOf(registries: readonly PendingRegistry[]): Promise<readonly string[]> {
  const overviews = await Promise.all(registries.map(({ overview }) => overview))
  return overviews.filter(isFailing).map(({ name }) => name)
}

/** Each registry as it answers: a hanging one holds up only its own card. */
async function LateCard({ overview, ...props }: LateCardProps) {
  return <RegistryCard registry={await overview} {...props} />
}

interface LateCardProps {
  overview: Promise<RegistryOverview>
  isOnly: boolean
  state: EntryListState
  sync: React.ReactNode
}

/** Matches of a filter in every registry, once each has answered or timed out. */
async function Found({ registries, state }: { registries: readonly PendingRegistry[]; state: EntryListState }) {
  const overviews = await Promise.all(registries.map(({ overview }) => overview))
  return <FoundInRegistries registries={overviews} state={state} />
}

function NoRegistries() {
  return (
    <Empty icon={Database} title="You don’t have access to any registries">
      Ask your administrator to give your account a role.
    </Empty>
  )
}
