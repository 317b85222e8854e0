'use client'

import { useDeferredValue, useState } from 'react'
import { FILTER_HINT, filterKind } from '@/components/registry/filter-kind'
import { FilterInput } from '@/components/ui/filter-input'
import { onDemand } from '@/components/ui/on-demand'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { RepositoryTree } from './repository-tree'
import type { TreeRegistry } from './tree-rows'

const RepositoryMatches = onDemand(() => import('./repository-matches').then((module) => module.RepositoryMatches))

interface TreePanelProps {
  registries: readonly TreeRegistry[]
  levels: readonly (readonly [key: string, entries: readonly TreeEntry[]])[]
}

/** The tree with its filter. Typing never waits for the list: what matches follows when there is time. */
export function TreePanel({ registries, levels }: TreePanelProps) {
  const [term, setTerm] = useState('')
  const [isSearching, setIsSearching] = useState(false)
  const deferred = useDeferredValue(term.trim())
  const [initialLevels] = useState(() => new Map(levels))
  const total = registries.reduce((sum, registry) => sum + registry.total, 0)
  return (
    <>
      <div className="shrink-0 px-3 pt-3 pb-2">
        <FilterInput
          label={`Filter ${total.toLocaleString('en-US')} repositories`}
          value={term}
          onChange={setTerm}
          shortcut="t"
          hint={FILTER_HINT}
          note={filterKind(term)}
          results="tree"
          isPending={isSearching || term.trim() !== deferred}
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
