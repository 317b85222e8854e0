import { Database, HardDrive } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Link } from '@/components/ui/link'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Skeleton } from '@/components/ui/skeleton'
import { Time } from '@/components/ui/time'
import type { EntryPage } from '@/lib/data/registries/entry-page'
import type { RegistryOverview } from '@/lib/data/registries/read-repositories'
import { formatCount, plural } from '@/lib/format/bytes'
import { type EntryListState, entryListQuery } from '@/lib/routes/entry-list-query'
import { pathHref, registryHref } from '@/lib/routes/href'
import { EntryList } from './entry-list'
import { ListingNotes } from './listing-notes'

interface RegistryCardProps {
  registry: RegistryOverview
  state: EntryListState
  /** How its sync stands. */
  sync?: React.ReactNode
}

export function RegistryCard({ registry, state, sync }: RegistryCardProps) {
  const { name, kind, location, listing } = registry
  // Nothing has come of a list that is on its way.
  const hasList = listing.ok && (listing.value.page.total > 0 || !listing.value.isListing)
  const Icon = kind === 'layout' ? HardDrive : Database
  return (
    <section aria-labelledby={`registry-${name}`} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-3 sm:px-5">
        <Icon aria-hidden className="size-4 text-faint" />
        <h2 id={`registry-${name}`} className="font-semibold">
          <Link href={registryHref(name)} className="hover:text-accent">
            {name}
          </Link>
        </h2>
        <StateBadge listing={listing} />
        <span className="mono min-w-0 truncate text-muted" title={location}>
          {location}
        </span>
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
        {sync}
        <ListingNotes registry={name} listing={listing} />
        {hasList && listing.ok && <CardEntries registry={name} page={listing.value.page} state={state} />}
      </div>
    </section>
  )
}

/** The card of a registry that has not answered yet. */
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
        <span className="mono min-w-0 truncate text-muted" title={location}>
          {location}
        </span>
      </header>
      <div className="p-4 sm:p-5">
        <Skeleton size="block" />
      </div>
    </section>
  )
}

function StateBadge({ listing }: Pick<RegistryOverview, 'listing'>) {
  if (!listing.ok || listing.value.failure) return <Badge tone="danger">Not available</Badge>
  if (listing.value.isListing) return <Badge tone="warn">Listing</Badge>
  return <Badge tone="good">Reachable</Badge>
}

function CardEntries({ registry, page, state }: { registry: string; page: EntryPage; state: EntryListState }) {
  if (page.total === 0)
    return (
      <p className="text-sm text-muted">
        Nothing has been pushed to this registry yet, or the configured account can’t list its repositories. For a
        registry without a catalog, list them in REGISTRY_REPOSITORIES, or under{' '}
        <code className="mono">repositories</code> in the configuration file.
      </p>
    )
  return (
    <>
      <EntryList registry={registry} entries={page.entries} />
      {page.matching > page.entries.length && (
        <Link
          href={registryHref(registry, entryListQuery({ ...state, namesPage: 1 }))}
          className="mt-3 inline-block text-sm font-medium text-accent underline-offset-2 hover:underline"
        >
          All {formatCount(page.matching)} {page.isFiltered ? 'matches in' : 'at the root of'} {registry}
        </Link>
      )}
      {page.entries.some(({ path }) => path === 'samples' || path.startsWith('samples/')) && (
        <p className="mt-3 text-xs text-muted">
          The images under{' '}
          <Link href={pathHref(registry, 'samples')} className="underline underline-offset-2 hover:text-ink">
            samples
          </Link>{' '}
          were made by Lading so that there is something to look at. Set REGISTRY_URL to browse your own registry.
        </p>
      )}
    </>
  )
}
