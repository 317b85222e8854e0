import { Database, HardDrive } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Link } from '@/components/ui/link'
import { RefreshButton } from '@/components/ui/refresh-button'
import { Time } from '@/components/ui/time'
import type { RegistryOverview } from '@/lib/data/read-repositories'
import { formatCount, plural } from '@/lib/format/bytes'
import { pathHref, registryHref } from '@/lib/routes/href'
import { EntryList } from './entry-list'
import { ListingNotes } from './listing-notes'

/** Entries on a card; the registry's own page has the rest. */
const SHOWN = 24

export function RegistryCard({ registry }: { registry: RegistryOverview }) {
  const { name, kind, location, listing } = registry
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
        {listing.ok && !listing.value.failure ? (
          <Badge tone="good">Reachable</Badge>
        ) : (
          <Badge tone="danger">Not available</Badge>
        )}
        <span className="mono min-w-0 truncate text-muted" title={location}>
          {location}
        </span>
        {listing.ok && (
          <span className="ml-auto flex items-center gap-1 text-xs text-muted">
            <span>
              {plural(listing.value.total, 'repository', 'repositories')}, listed <Time iso={listing.value.listedAt} />
            </span>
            <RefreshButton registry={name} />
          </span>
        )}
      </header>
      <div className="p-4 sm:p-5">
        <ListingNotes listing={listing} />
        {listing.ok && listing.value.total === 0 && (
          <p className="text-sm text-muted">
            Nothing has been pushed to this registry yet, or its account sees no repository. Registries without a
            catalog need a configured list (REGISTRY_REPOSITORIES).
          </p>
        )}
        {listing.ok && (
          <EntryList
            registry={name}
            entries={listing.value.all?.map(repositoryEntry) ?? listing.value.entries.slice(0, SHOWN)}
          />
        )}
        {listing.ok && !listing.value.all && listing.value.entries.length > SHOWN && (
          <Link
            href={registryHref(name)}
            className="mt-3 inline-block text-sm font-medium text-accent underline-offset-2 hover:underline"
          >
            All {formatCount(listing.value.entries.length)} at the root of {name}
          </Link>
        )}
        {listing.ok && listing.value.entries.some((entry) => entry.path === 'samples') && (
          <p className="mt-3 text-xs text-muted">
            The images under{' '}
            <Link href={pathHref(name, 'samples')} className="underline underline-offset-2 hover:text-ink">
              samples
            </Link>{' '}
            were made by Lading for looking around. Set REGISTRY_URL to browse a registry of yours.
          </p>
        )}
      </div>
    </section>
  )
}

const repositoryEntry = (path: string) => ({ path, name: path, isRepository: true, below: 0 })
