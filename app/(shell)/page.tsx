import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EntryFilter } from '@/components/registry/entry-filter'
import { FoundInRegistries } from '@/components/registry/found-in-registries'
import { NoRegistries } from '@/components/registry/no-registries'
import { PendingRegistryCard, RegistryCard } from '@/components/registry/registry-card'
import { Skeleton } from '@/components/ui/skeleton'
import { type PendingRegistry, type RegistryOverview, readRegistries } from '@/lib/data/registries/read-repositories'
import { visitor } from '@/lib/data/visitor'
import { loadEntryListParams } from '@/lib/routes/entry-list'
import type { EntryListState } from '@/lib/routes/entry-list-query'

export const metadata: Metadata = { title: 'Registries' }

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const state = await loadEntryListParams(searchParams)
  const { registries, problem } = readRegistries(await visitor(), state)
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
                <LateCard overview={overview} state={state} />
              </Suspense>
            ))
          )}
        </div>
      )}
    </>
  )
}

/** Each registry when it has answered: one that hangs holds up nothing but its own card. */
async function LateCard({ overview, state }: { overview: Promise<RegistryOverview>; state: EntryListState }) {
  return <RegistryCard registry={await overview} state={state} />
}

/** What a filter finds anywhere: once every registry has answered, or its time is over. */
async function Found({ registries, state }: { registries: readonly PendingRegistry[]; state: EntryListState }) {
  const overviews = await Promise.all(registries.map(({ overview }) => overview))
  return <FoundInRegistries registries={overviews} state={state} />
}
