'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import { FILTER_HINT, filterKind } from '@/components/registry/filter-kind'
import { FilterInput } from '@/components/ui/filter-input'
import { onDemand } from '@/components/ui/on-demand'
import type { RootListing, TreeRoot } from '@/lib/data/registries/read-sidebar'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { formatCount } from '@/lib/format/bytes'
import { RepositoryTree } from './repository-tree'
import { levelKey, type TreeRegistry } from './tree-rows'
import { useRootListings } from './use-root-listings'

const RepositoryMatches = onDemand(() =>
  import('../palette/repository-matches').then((module) => module.RepositoryMatches),
)

interface TreePanelProps {
  registries: readonly TreeRoot[]
  levels: readonly (readonly [key: string, entries: readonly TreeEntry[]])[]
}

/** The tree with its filter. Typing never waits for the list: what matches follows when there is time. */
export function TreePanel({ registries: roots, levels }: TreePanelProps) {
  const [term, setTerm] = useState('')
  // The default until the code of the matches has loaded.
  const [isSearching, setIsSearching] = useState(true)
  const deferred = useDeferredValue(term.trim())
  const listings = useRootListings(roots)
  const registries = useMemo(
    () => roots.map(({ name, kind }) => treeRegistry(name, kind, listings.get(name))),
    [roots, listings],
  )
  const initialLevels = useMemo(() => new Map([...levels, ...rootLevels(listings)]), [levels, listings])
  const total = registries.reduce((sum, registry) => sum + registry.total, 0)
  // A count of some of them would be taken for all.
  const isWhole = roots.every(({ name }) => listings.get(name)?.isListing === false)
  return (
    <>
      <div className="shrink-0 px-3 pt-3 pb-2">
        <FilterInput
          label={`Filter ${isWhole ? formatCount(total) : 'all'} repositories`}
          value={term}
          onChange={setTerm}
          shortcut="t"
          hint={FILTER_HINT}
          note={filterKind(term)}
          results="tree"
          isPending={(deferred !== '' && isSearching) || term.trim() !== deferred}
        />
      </div>
      <div id="tree" className="flex min-h-0 flex-1 flex-col">
        {deferred ? (
          <RepositoryMatches term={deferred} showRegistry={registries.length > 1} onSearching={setIsSearching} />
        ) : (
          <RepositoryTree registries={registries} levels={initialLevels} />
        )}
      </div>
    </>
  )
}

function treeRegistry(name: string, kind: TreeRegistry['kind'], listing: RootListing | undefined): TreeRegistry {
  const { total = 0, problem, lastSeen } = listing ?? {}
  return { name, kind, total, ...(problem && { problem }), ...(lastSeen && { lastSeen }) }
}

/** The loaded roots: of one still being listed, the entries so far. */
function rootLevels(listings: ReadonlyMap<string, RootListing>): [string, readonly TreeEntry[]][] {
  return [...listings].flatMap(([name, { entries, isListing, problem }]) =>
    problem || (isListing && entries.length === 0) ? [] : [[levelKey(name, ''), entries]],
  )
}
