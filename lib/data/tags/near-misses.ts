import 'server-only'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Repository } from '../../registry/registry.ts'
import { describeTyped } from '../search/read-search.ts'
import { typedTags } from '../search/typed-names.ts'

/** A filter that finds something, near one that found nothing. */
export interface NearMiss {
  readonly q: string
  readonly tags: number
}

const TRIED = 6
const SHOWN = 3

/** Without one of its terms, or with the beginning of a version: those that find fewest first. */
export async function nearMisses(repository: Repository, typed: string): Promise<readonly NearMiss[]> {
  const found = await Promise.all(
    shorter(typed)
      .slice(0, TRIED)
      .map(async (q): Promise<NearMiss> => {
        const { filter } = await typedTags(repository, q)
        const query = { ...(filter && { filter }), sort: 'name', direction: 'asc', offset: 0, limit: 1 } as const
        const page = await catalogOf(repository.registry).catalog.tagPage(placeOf(repository), query)
        return { q, tags: page?.value.matching ?? 0 }
      }),
  )
  const some = found.filter(({ tags }) => tags > 0)
  // What a shorter beginning finds holds what a longer one does.
  const apart = some.filter(({ q }, index) => !some.slice(0, index).some((longer) => longer.q.startsWith(q)))
  return apart.sort((a, b) => a.tags - b.tags).slice(0, SHOWN)
}

function shorter(typed: string): string[] {
  const text = typed.trim()
  const { terms } = describeTyped(text)
  if (terms.length > 1) return terms.map(({ rest }) => rest)
  if (!/^[\w.+-]+$/.test(text)) return []
  // 1.4.9 is near 1.4, and 1.4-rc2 near 1.4-rc.
  const cuts = [...text.matchAll(/[._+-]|\d+$/g)].map(({ index }) => text.slice(0, index)).filter((cut) => cut !== '')
  return [...new Set(cuts.map((cut) => cut.replace(/[._+-]+$/, '')))].reverse()
}
