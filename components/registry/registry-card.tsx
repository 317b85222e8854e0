import { Database, HardDrive, TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Skeleton } from '@/components/ui/skeleton'
import { Time } from '@/components/ui/time'
import type { EntryPage } from '@/lib/data/registries/entry-page'
import type { RegistryOverview } from '@/lib/data/registries/read-repositories'
import { formatCount, plural } from '@/lib/format/bytes'
import { ASK_ADMIN } from '@/lib/problem/problem'
import { type EntryListState, entryListQuery } from '@/lib/routes/entry-list-query'
import { pathHref, registryHref } from '@/lib/routes/href'
import { EntryList } from './entry-list'
import { ListingNotes } from './listing-notes'

interface RegistryCardProps {
  registry: RegistryOverview
  state: EntryListState
  /** The only card, with room for more entries. */
  isOnly?: boolean
  /** The state of its sync. */
  sync?: React.ReactNode
}

export function RegistryCard({ registry, state, isOnly = false, sync }: RegistryCardProps) {
  const { name, kind, location, listing } = registry
  // No part of the list has arrived yet.
  const hasList = listing.ok && (listing.value.page.total > 0 || !listing.value.isListing)
  const failing = isFailing(registry)
  const Icon = failing ? TriangleAlert : kind === 'layout' ? HardDrive : Database
  return (
    <section
      aria-labelledby={`registry-${name}`}
      // Failing registries come first.
      className={cn('overflow-hidden rounded-xl border bg-surface shadow-xs', failing && '-order-1 border-danger-line')}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-3 sm:px-5">
        <Icon aria-hidden className={cn('size-4', failing ? 'text-danger' : 'text-faint')} />
        <h2 id={`registry-${name}`} className="font-semibold">
          <Link href={registryHref(name)} className="hover:text-accent">
            {name}
          </Link>
        </h2>
        <StateBadge listing={listing} />
        <Location location={location} />
        {hasList && listing.ok && (
          <span className="ml-auto flex items-center gap-1 text-xs text-muted">
            <span>
              {listing.value.partial && 'at least '}
              {plural(listing.value.page.total, 'repository', 'repositories')}, listed{' '}
              <Time iso={listing.value.listedAt} />
            </span>
            <RefreshButton registry={name} />
          </span>
        )}
      </header>
      <div className="p-4 sm:p-5">
        {!failing && sync}
        <ListingNotes registry={name} listing={listing} />
        {failing && sync && <div className="mt-3">{sync}</div>}
        {hasList && listing.ok && (
          <CardEntries
            registry={name}
            seesSetup={registry.seesSetup}
            page={listing.value.page}
            state={state}
            isOnly={isOnly}
          />
        )}
      </div>
    </section>
  )
}

/** It can't be listed right now. */
export function isFailing({ listing }: Pick<RegistryOverview, 'listing'>): boolean {
  return !listing.ok || listing.value.lastSeen !== undefined
}

/** The card of a registry that hasn't answered yet. */
export function PendingRegistryCard({ name, kind, location }: Pick<RegistryOverview, 'name' | 'kind' | 'location'>) {
  const Icon = kind === 'layout' ? HardDrive : Database
  return (
    <section aria-busy className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-3 sm:px-5">
        <Icon aria-hidden className="size-4 text-faint" />
        <h2 className="font-semibold">
          <Link href={registryHref(name)} className="hover:text-accent">
            {name}
          </Link>
        </h2>
        <Location location={location} />
      </header>
      <div className="p-4 sm:p-5">
        <Skeleton size="block" />
      </div>
    </section>
  )
}

function Location({ location }: Pick<RegistryOverview, 'location'>) {
  return (
    location && (
      <span className="mono min-w-0 truncate text-muted" title={location}>
        {location}
      </span>
    )
  )
}

function StateBadge({ listing }: Pick<RegistryOverview, 'listing'>) {
  if (!listing.ok || listing.value.lastSeen) return <Badge tone="danger">Not available</Badge>
  if (listing.value.isListing) return <Badge tone="warn">Listing</Badge>
  return <Badge tone="good">Reachable</Badge>
}

interface CardEntriesProps {
  registry: string
  seesSetup: boolean
  page: EntryPage
  state: EntryListState
  isOnly: boolean
}

/** On a card among others. */
const FEW = 6

function CardEntries({ registry, seesSetup, page, state, isOnly }: CardEntriesProps) {
  const entries = isOnly || page.isFiltered ? page.entries : page.entries.slice(0, FEW)
  if (page.total === 0)
    return (
      <p className="text-sm text-muted">
        {seesSetup ? (
          <>
            Nothing has been pushed to this registry yet, or the configured account can’t list its repositories. For a
            registry without a catalog, list them in REGISTRY_REPOSITORIES, or under{' '}
            <code className="mono">repositories</code> in the configuration file.
          </>
        ) : (
          `Nothing has been pushed to this registry yet, or Lading can’t list what’s in it. ${ASK_ADMIN}`
        )}
      </p>
    )
  return (
    <>
      <EntryList registry={registry} entries={entries} />
      {page.matching > entries.length && (
        <Link
          href={registryHref(registry, entryListQuery({ ...state, namesPage: 1 }))}
          className="mt-3 inline-block text-sm font-medium text-accent underline-offset-2 hover:underline"
        >
          All {formatCount(page.matching)}{' '}
          {page.isFiltered ? 'matches in' : page.hasNamespaces && page.matching < page.total ? 'at the root of' : 'in'}{' '}
          {registry}
        </Link>
      )}
      {page.entries.some(({ path }) => path === 'samples' || path.startsWith('samples/')) && (
        <p className="mt-3 text-xs text-muted">
          The images under{' '}
          <Link href={pathHref(registry, 'samples')} className="underline underline-offset-2 hover:text-ink">
            samples
          </Link>{' '}
          were created by Lading, so that you have something to look at.
          {seesSetup && ' Set REGISTRY_URL to browse your own registry.'}
        </p>
      )}
    </>
  )
}
