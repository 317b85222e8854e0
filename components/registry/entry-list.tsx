'use client'

import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { pathHref } from '@/lib/routes/href'
import { BelowCount } from './below-count'

/**
 * Namespaces and repositories in columns; a name that is both counts as a repository. A client component, so that
 * hundreds of entries are sent as data and not as elements too.
 */
export function EntryList({ registry, entries }: { registry: string; entries: readonly TreeEntry[] }) {
  return (
    <ul data-results="" className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-x-4 gap-y-px">
      {entries.map(({ path, name, isRepository, below }) => {
        return (
          <li key={path}>
            <Link
              href={pathHref(registry, path)}
              className="group -mx-2 flex min-h-8 items-center gap-2 rounded-md px-2 py-1 text-sm hover:bg-sunken"
            >
              <Icon name={isRepository ? 'box' : 'folder'} className="text-faint group-hover:text-accent" />
              <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
              <BelowCount count={below} />
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
