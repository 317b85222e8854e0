import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { RegistryOverview } from '@/lib/data/registries/read-repositories'

/** What has to be said of a list before it is read: that there is none, that it is old, that it is partial. */
export function ListingNotes({ listing }: { listing: RegistryOverview['listing'] }) {
  if (!listing.ok) return <ProblemNotice problem={listing.problem} />
  const { failure, partial, listedAt } = listing.value
  return (
    <>
      {failure && (
        <Notice tone="warn" className="mb-3" title={`${failure.title}: this is what was last seen`}>
          Listed <Time iso={listedAt} />. {failure.detail} {failure.advice}
        </Notice>
      )}
      {partial && <p className="mb-3 text-sm text-warn">This list is partial: {partial}.</p>}
    </>
  )
}
