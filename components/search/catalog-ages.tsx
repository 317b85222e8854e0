import { TriangleAlert } from 'lucide-react'
import { Time } from '@/components/ui/time'
import type { CatalogAge } from '@/lib/data/search/read-catalog-ages'
import { plural } from '@/lib/format/bytes'

/** How old what is searched is, by registry, and what isn't known yet. */
export function CatalogAges({ ages }: { ages: readonly CatalogAge[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 text-xs text-muted">
      {ages.map(({ registry, syncedAt, unread }) => (
        <li key={registry} className="inline-flex items-center gap-1">
          {unread > 0 && <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warn" />}
          <span>
            {registry}{' '}
            {syncedAt ? (
              <>
                synced <Time iso={syncedAt} />
              </>
            ) : (
              'not synced yet: only what was opened is searched'
            )}
            {unread > 0 && (
              <span className="text-warn">
                ; {plural(unread, "repository hasn't", "repositories haven't")} been read yet
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
