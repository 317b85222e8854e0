'use client'

import { Box, Folder } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { formatCount } from '@/lib/format/bytes'
import { pathHref } from '@/lib/routes/href'

/**
 * Namespaces and repositories side by side. One that is both is a repository with others below it. Rendered here too, from
 * plain data: hundreds of entries as elements would be sent twice.
 */
export function EntryList({ registry, entries }: { registry: string; entries: readonly TreeEntry[] }) {
  return (
    <ul className="grid grid-cols-1 gap-x-4 gap-y-px sm:grid-cols-2 xl:grid-cols-3">
      {entries.map(({ path, name, isRepository, below }) => {
        const Icon = isRepository ? Box : Folder
        return (
          <li key={path}>
            <Link
              href={pathHref(registry, path)}
              className="group -mx-2 flex h-8 items-center gap-2 rounded-md px-2 text-sm hover:bg-sunken"
            >
              <Icon aria-hidden className="size-4 shrink-0 text-faint group-hover:text-accent" strokeWidth={1.75} />
              <span className="truncate">{name}</span>
              {below > 0 && (
                <span className="ml-auto text-xs text-muted tabular">
                  {formatCount(below)}
                  <span className="sr-only"> repositories below</span>
                </span>
              )}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
