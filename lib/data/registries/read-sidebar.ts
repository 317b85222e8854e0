import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { attempt } from '../../problem/attempt.ts'
import { parseRegistryPath, splitRegistryUrl } from '../../routes/registry-path.ts'
import { readRoots, readTreeLevel } from './read-repositories.ts'
import type { TreeEntry } from './tree.ts'

export interface Sidebar {
  readonly registries: readonly {
    readonly name: string
    readonly kind: 'http' | 'layout'
    readonly total: number
    readonly problem?: string
  }[]
  /** By registry and prefix: `<registry>/<prefix>`. */
  readonly levels: readonly (readonly [key: string, entries: readonly TreeEntry[]])[]
}

/**
 * The tree as it comes with a page: the root of each registry, and the levels down to where the page is.
 * @param pathname of the request
 */
export async function readSidebar(actor: Actor, pathname: string): Promise<Sidebar> {
  const overviews = await readRoots(actor)
  const levels = overviews.flatMap(({ name, listing }) =>
    listing.ok ? [[`${name}/`, listing.value.page.entries] as const] : [],
  )
  return {
    registries: overviews.map(({ name, kind, listing }) => ({
      name,
      kind,
      total: listing.ok ? listing.value.page.total : 0,
      ...(!listing.ok && { problem: listing.problem.title }),
    })),
    levels: [...levels, ...(await levelsTo(actor, pathname))],
  }
}

async function levelsTo(actor: Actor, pathname: string): Promise<[string, TreeEntry[]][]> {
  const url = splitRegistryUrl(pathname)
  const parsed = url && parseRegistryPath(url.segments)
  if (!url || !parsed || parsed.kind === 'root') return []
  const path = parsed.kind === 'path' ? parsed.path : parsed.repository
  const segments = path.split('/')
  const prefixes = segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join('/'))
  const levels = await attempt(() =>
    Promise.all(
      prefixes.map(
        async (prefix): Promise<[string, TreeEntry[]]> => [
          `${url.registry}/${prefix}`,
          await readTreeLevel(actor, url.registry, prefix),
        ],
      ),
    ),
  )
  // A level without entries would only repeat what the address says.
  return levels.ok ? levels.value.filter(([, entries]) => entries.length > 0) : []
}
