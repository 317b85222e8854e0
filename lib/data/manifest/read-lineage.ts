import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { lineage, movedBase, type RelatedTag } from '../../catalog/database/lineage.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { isTag } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'
import { readCatalogAges } from '../search/read-catalog-ages.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { baseImagePlace } from './base-image.ts'

/** An image's base, and the images built on it, as far as the catalog knows. */
export interface LineageView {
  /** The closest first: one for each image, with its tags. */
  readonly basedOn: readonly RelatedImage[]
  readonly usedBy: readonly RelatedImage[]
  /** There are more, or unread repositories may have more. */
  readonly isLowerBound: boolean
}

export interface RelatedImage extends Place {
  readonly digest: string
  readonly tags: readonly string[]
  readonly layers?: number
  readonly isNamed: boolean
  /** A tag that was on it and has moved: to which image, and when (ISO 8601), if that is known. */
  readonly moved?: { readonly tag: string; readonly to: string; readonly at?: string }
}

/** Milliseconds for which a result is reused, and the number of results that are kept. */
const FRESH_FOR = 20_000
const KEPT = 500

/** @throws AccessError, RegistryError, StoreError */
export async function readLineage(
  actor: Actor,
  place: Place,
  image: { readonly digest: Digest; readonly index?: Digest },
): Promise<LineageView> {
  openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  const visibility = searchVisibility(actor)
  const cache = processWide('lineage', () => new Map<string, { at: number; view: Promise<LineageView> }>())
  const key = JSON.stringify([place.registry, image.digest, image.index, ...visibility])
  const kept = cache.get(key)
  if (kept && Date.now() - kept.at < FRESH_FOR) return kept.view
  const view = find(actor, visibility, place.registry, image)
  cache.delete(key)
  cache.set(key, { at: Date.now(), view })
  const [oldest] = cache.keys()
  if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest)
  view.catch(() => cache.delete(key))
  return view
}

async function find(
  actor: Actor,
  visibility: Visibility,
  registry: string,
  image: { readonly digest: Digest; readonly index?: Digest },
): Promise<LineageView> {
  const database = await theCatalogDatabase()
  const [{ basedOn, usedBy, usedByMore, named }, ages] = await Promise.all([
    lineage(database, { visibility, ...image }),
    readCatalogAges(actor),
  ])
  // Moves that nobody watched show by the name that the image gives its base.
  const seen = new Set(
    basedOn.flatMap((base) => (base.moved ? [`${base.registry}/${base.repository}:${base.tag}`] : [])),
  )
  const moved = await Promise.all(
    named.map(async ({ name, digest }) => {
      const base = name !== undefined && digest && (await baseImagePlace(actor, registry, name))
      if (!base || !isTag(base.selector)) return undefined
      const { selector: tag, ...place } = base
      if (seen.has(`${place.registry}/${place.repository}:${tag}`)) return undefined
      return movedBase(database, { visibility, base: { ...place, tag }, digest })
    }),
  )
  return {
    basedOn: byImage([...basedOn, ...moved.filter((base) => base !== undefined)]),
    usedBy: byImage(usedBy),
    isLowerBound: usedByMore || ages.some(({ unread, syncedAt }) => unread > 0 || syncedAt === undefined),
  }
}

function byImage(tags: readonly RelatedTag[]): RelatedImage[] {
  const groups = Map.groupBy(tags, ({ registry, repository, digest }) => `${registry}/${repository}@${digest}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { registry, repository, digest, layers, isNamed } = first
    const gone = group.find(({ moved }) => moved)
    return [
      {
        registry,
        repository,
        digest,
        tags: group.filter(({ moved }) => !moved).map(({ tag }) => tag),
        isNamed,
        ...(layers !== undefined && { layers }),
        ...(gone?.moved && {
          moved: {
            tag: gone.tag,
            to: gone.moved.to,
            ...(gone.moved.at !== undefined && { at: new Date(gone.moved.at).toISOString() }),
          },
        }),
      },
    ]
  })
}
