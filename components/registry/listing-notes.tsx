import { ProblemNotice } from '@/components/ui/problem-notice'
import type { RegistryOverview } from '@/lib/data/registries/read-repositories'
import { LastSeenNotice } from './last-seen-notice'
import { RepositoriesListing } from './repositories-listing'
import { RetryButton } from './retry-button'

interface ListingNotesProps {
  registry: string
  listing: RegistryOverview['listing']
}

/** Notes above a list: that it failed, is old, partial, or still loading. */
export function ListingNotes({ registry, listing }: ListingNotesProps) {
  if (!listing.ok)
    return (
      <>
        <ProblemNotice problem={listing.problem} />
        <RetryButton registry={registry} />
      </>
    )
  const { lastSeen, partial, isListing, page } = listing.value
  return (
    <>
      {lastSeen && <LastSeenNotice registry={registry} lastSeen={lastSeen} />}
      {isListing && <RepositoriesListing registry={registry} soFar={page.total} />}
      {partial && !isListing && !lastSeen && <p className="mb-3 text-sm text-warn">This list is partial: {partial}.</p>}
    </>
  )
}
