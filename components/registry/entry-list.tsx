'use client'

import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { formatCount, plural } from '@/lib/format/bytes'
import { pathHref } from '@/lib/routes/href'

/**
 * Namespaces and repositories in columns; a name that is both counts as a repository. A client component, so that
 * hundreds of entries are sent as data and not as elements too.
 */
export function EntryList({ registry, entries }: { registry: string; entries: readonly TreeEntry[] }) {
  return (
    <ul data-results="" className="grid grid-cols-1 gap-x-4 gap-y-px sm:grid-cols-2 xl:grid-cols-3">
      {entries.map(({ path, name, isRepository, below }) => {
        return (
          <li key={path}>
            <Link
              href={pathHref(registry, path)}
              className="group -mx-2 flex h-8 items-center gap-2 rounded-md px-2 text-sm hover:bg-sunken"
            >
              <Icon name={isRepository ? 'box' : 'folder'} className="text-faint group-hover:text-accent" />
              <span className="truncate">{name}</span>
              {below > 0 && (
                <span className="text-xs text-muted tabular">
                  <span aria-hidden>{formatCount(below)}</span>
                  <span className="sr-only"> {plural(below, 'repository', 'repositories')} below</span>
                </span>
              )}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
