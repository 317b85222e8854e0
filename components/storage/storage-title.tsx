import { Crumbs } from '@/components/ui/crumbs'
import { Link } from '@/components/ui/link'
import { Time } from '@/components/ui/time'
import type { StoragePage } from '@/lib/data/storage/read-storage'
import { formatBytes, plural } from '@/lib/format/bytes'
import { storageHref } from '@/lib/routes/href'
import { type StoragePageState, storagePageQuery } from '@/lib/routes/storage-page-query'

/** What every sum leaves out: the catalog knows that images have it, not its size. */
export const UNCOUNTED = 'Signatures, SBOMs and attestations aren’t counted.'

/** The answer as a title, how sure it is, and the way to other registries and up. */
export function StorageTitle({ page, state }: { page: StoragePage; state: StoragePageState }) {
  const { registries, registry, path, place, age, at } = page
  const hrefOf = (to: Partial<StoragePageState>) => storageHref(storagePageQuery({ ...state, page: 1, ...to }))
  const segments = path === '' ? [] : path.split('/')
  const unread = age?.unread ?? 0
  return (
    <header className="mb-4">
      {segments.length > 0 && (
        <Crumbs
          way={['', ...segments].slice(0, -1).map((label, index) => ({
            label: label || registry,
            href: hrefOf({ registry, path: segments.slice(0, index).join('/') }),
          }))}
          here={segments.at(-1) ?? ''}
        />
      )}
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-xl font-semibold tracking-tight">
            {place.blobs === 0
              ? 'Storage'
              : `${path || registry} holds ${unread > 0 ? 'at least ' : ''}${formatBytes(place.total)}`}
          </h1>
          <p className="mt-1 text-xs text-muted">
            By distinct digest, of what you can see. Added up <Time iso={at} />
            {age?.syncedAt && (
              <>
                , synced <Time iso={age.syncedAt} />
              </>
            )}
            .
            {unread > 0 && (
              <span className="text-warn">
                {' '}
                {plural(unread, 'repository hasn’t', 'repositories haven’t')} been read yet.
              </span>
            )}{' '}
            {UNCOUNTED} What deleting frees is an estimate: the registry frees it when it collects garbage.
          </p>
        </div>
        {registries.length > 1 && (
          <nav aria-label="Registries" className="flex flex-wrap rounded-md border bg-sunken p-0.5 text-sm">
            {registries.map((name) => (
              <Link
                key={name}
                href={hrefOf({ registry: name, path: '' })}
                aria-current={name === registry ? 'page' : undefined}
                className="flex h-6.5 items-center rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs"
              >
                {name}
              </Link>
            ))}
          </nav>
        )}
      </div>
    </header>
  )
}
