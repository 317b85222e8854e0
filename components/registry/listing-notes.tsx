import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { RegistryOverview } from '@/lib/data/registries/read-repositories'
import { RepositoriesListing } from './repositories-listing'
import { RetryButton } from './retry-button'

interface ListingNotesProps {
  registry: string
  listing: RegistryOverview['listing']
}

/** What has to be said of a list before it is read: that it failed, that it is old, partial, or still on its way. */
export function ListingNotes({ registry, listing }: ListingNotesProps) {
  if (!listing.ok)
    return (
      <>
        <ProblemNotice problem={listing.problem} />
        <RetryButton registry={registry} />
      </>
    )
  const { failure, partial, listedAt, isListing, page } = listing.value
  return (
    <>
      {failure && (
        <Notice tone="warn" className="mb-3" title={`${failure.title}: these are the repositories last seen`}>
          Listed <Time iso={listedAt} />. {failure.detail} {failure.advice}
          <div>
            <RetryButton registry={registry} />
          </div>
        </Notice>
      )}
      {isListing && <RepositoriesListing registry={registry} soFar={page.total} />}
      {partial && !isListing && !failure && <p className="mb-3 text-sm text-warn">This list is partial: {partial}.</p>}
    </>
  )
}
