import { TriangleAlert } from 'lucide-react'
import { Time } from '@/components/ui/time'
import type { CatalogAge } from '@/lib/data/search/read-catalog-ages'
import { plural } from '@/lib/format/bytes'
import { type AgeGroup, ageGroups } from './age-groups'

/** The age of the searched data, by registry, and what hasn't been read yet. */
export function CatalogAges({ ages }: { ages: readonly CatalogAge[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted">
      {ageGroups(ages).map((group) => (
        <Age key={group.registries[0]} group={group} />
      ))}
    </ul>
  )
}

const NAMES = new Intl.ListFormat('en-GB')

function Age({ group: { registries, syncedAt, isFirstSync, unread } }: { group: AgeGroup }) {
  const isOne = registries.length === 1
  return (
    <li className="inline-flex items-start gap-1">
      {unread > 0 && <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0 text-warn" />}
      <span>
        {NAMES.format(registries)}{' '}
        {syncedAt ? (
          <>
            synced <Time iso={syncedAt} />
          </>
        ) : isFirstSync ? (
          `${isOne ? 'is' : 'are'} being synced for the first time`
        ) : (
          `${isOne ? 'hasn’t' : 'haven’t'} been synced yet: only what was opened is known`
        )}
        {unread > 0 && (
          <span className="text-warn">
            ; {plural(unread, 'repository hasn’t', 'repositories haven’t')} been read yet
          </span>
        )}
      </span>
    </li>
  )
}
