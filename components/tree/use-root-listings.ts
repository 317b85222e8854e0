import { useEffect, useMemo, useState } from 'react'
import type { RootListing, TreeRoot } from '@/lib/data/registries/read-sidebar'
import { useQueries } from '@/lib/query/hooks'
import { rootListingQuery } from '@/lib/query/repositories'

/** The roots of the tree: those that came with the page, those that are streamed after it, and how far the others are. */
export function useRootListings(roots: readonly TreeRoot[]): ReadonlyMap<string, RootListing> {
  const [streamed, setStreamed] = useState<ReadonlyMap<string, RootListing>>(new Map())
  useEffect(() => {
    let isCurrent = true
    for (const { name, root } of roots)
      if ('then' in root)
        root.then((listing) => isCurrent && setStreamed((before) => new Map(before).set(name, listing)))
    return () => {
      isCurrent = false
    }
  }, [roots])
  const known = useMemo(
    () =>
      new Map(
        roots.flatMap(({ name, root }) => {
          const listing = 'then' in root ? streamed.get(name) : root
          return listing ? [[name, listing] as const] : []
        }),
      ),
    [roots, streamed],
  )
  const listing = useMemo(() => [...known].filter(([, { isListing }]) => isListing).map(([name]) => name), [known])
  const followed = useQueries({
    queries: listing.map((name) => rootListingQuery(name)),
    combine: (results) => results.map(({ data }) => data),
  })
  return useMemo(() => {
    const all = new Map(known)
    followed.forEach((data, index) => {
      const name = listing[index]
      if (name && data) all.set(name, data)
    })
    return all
  }, [known, listing, followed])
}
