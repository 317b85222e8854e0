import type { RegistryOverview } from '@/lib/data/registries/read-repositories'
import type { EntryListState } from '@/lib/routes/entry-list-query'
import { RegistryCard } from './registry-card'

/**
 * What a filter finds: registries with matches first, with nothing between them. The others, and those that couldn't be
 * searched, are a line each at the end.
 */
export function FoundInRegistries({
  registries,
  state,
}: {
  registries: readonly RegistryOverview[]
  state: EntryListState
}) {
  const found = registries.filter(({ listing }) => listing.ok && listing.value.page.matching > 0)
  const searched = registries.filter(({ listing }) => listing.ok)
  const problem = searched.some(({ listing }) => listing.ok && listing.value.page.problem)
  return (
    <>
      {found.map((registry) => (
        <RegistryCard key={registry.name} registry={registry} state={state} />
      ))}
      <div className="space-y-1 text-sm text-muted">
        {problem && <p>The filter isn’t valid, so nothing is shown.</p>}
        {!problem && searched.length > found.length && (
          <p>
            No match in{' '}
            {searched
              .filter((registry) => !found.includes(registry))
              .map(({ name }) => name)
              .join(', ')}
          </p>
        )}
        {registries.map(
          ({ name, listing }) =>
            !listing.ok && (
              <p key={name}>
                <span className="text-danger">{name} wasn’t searched:</span> {listing.problem.title}
              </p>
            ),
        )}
        {registries.map(
          ({ name, listing }) =>
            listing.ok &&
            (listing.value.lastSeen || listing.value.partial || listing.value.isListing) && (
              <p key={name} className="text-warn">
                {name} may have more: its list is {listing.value.lastSeen ? 'out of date' : 'incomplete'}
              </p>
            ),
        )}
      </div>
    </>
  )
}
