import type { Metadata } from 'next'
import { EntryFilter } from '@/components/registry/entry-filter'
import { FoundInRegistries } from '@/components/registry/found-in-registries'
import { NoRegistries } from '@/components/registry/no-registries'
import { RegistryCard } from '@/components/registry/registry-card'
import { readRegistries } from '@/lib/data/registries/read-repositories'
import { visitor } from '@/lib/data/visitor'
import { loadEntryListParams } from '@/lib/routes/entry-list'

export const metadata: Metadata = { title: 'Registries' }

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const state = await loadEntryListParams(searchParams)
  const registries = await readRegistries(await visitor(), state)
  const problem = registries.flatMap(({ listing }) => (listing.ok && listing.value.page.problem) || [])[0]
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
            <FoundInRegistries registries={registries} state={state} />
          ) : (
            registries.map((registry) => <RegistryCard key={registry.name} registry={registry} state={state} />)
          )}
        </div>
      )}
    </>
  )
}
