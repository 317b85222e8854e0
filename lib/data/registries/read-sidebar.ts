import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { attempt } from '../../problem/attempt.ts'
import { parseRegistryPath, splitRegistryUrl } from '../../routes/registry-path.ts'
import { settlesWithin } from '../deadline.ts'
import { type RegistryOverview, readRegistryRoot, readRoots, readTreeLevel } from './read-repositories.ts'
import type { TreeEntry } from './tree.ts'

/** A registry of the tree. */
export interface TreeRoot {
  readonly name: string
  readonly kind: 'http' | 'layout'
  /** A promise where the registry has not been listed yet: it never holds up the frame. */
  readonly root: RootListing | Promise<RootListing>
}

export interface RootListing {
  /** Repositories in the registry: at least, while it is being listed. */
  readonly total: number
  readonly entries: readonly TreeEntry[]
  readonly isListing: boolean
  /** Why it could not be listed. */
  readonly problem?: string
  /** Why the entries are those last seen. */
  readonly lastSeen?: string
}

export interface Sidebar {
  readonly registries: readonly TreeRoot[]
  /** By registry and prefix: `<registry>/<prefix>`. */
  readonly levels: readonly (readonly [key: string, entries: readonly TreeEntry[]])[]
}

/** Milliseconds that the frame waits for the tree: what is remembered is there by then. */
const PATIENCE = 50

/**
 * The tree as it comes with a page: the root of each registry, and the levels down to where the page is.
 * @param pathname of the request
 */
export async function readSidebar(actor: Actor, pathname: string): Promise<Sidebar> {
  const levels = levelsTo(actor, pathname)
  const registries = readRoots(actor).map(async ({ name, kind, overview }): Promise<TreeRoot> => {
    const listing = overview.then(rootListing)
    return { name, kind, root: (await settlesWithin(PATIENCE, listing)) ? await listing : listing }
  })
  return {
    registries: await Promise.all(registries),
    // The browser asks for those that are late.
    levels: (await settlesWithin(PATIENCE, levels)) ? await levels : [],
  }
}

/** How far the list of a registry's repositories is by now. @throws RegistryError `not-found` */
export async function readRoot(actor: Actor, registry: string): Promise<RootListing> {
  return rootListing(await readRegistryRoot(actor, registry))
}

function rootListing({ listing }: RegistryOverview): RootListing {
  if (!listing.ok) return { total: 0, entries: [], isListing: false, problem: listing.problem.title }
  const { page, isListing, lastSeen } = listing.value
  return { total: page.total, entries: page.entries, isListing, ...(lastSeen && { lastSeen: lastSeen.problem.title }) }
}

async function levelsTo(actor: Actor, pathname: string): Promise<[string, TreeEntry[]][]> {
  const url = splitRegistryUrl(pathname)
  const parsed = url && parseRegistryPath(url.segments)
  if (!url || !parsed || parsed.kind === 'root') return []
  const path = parsed.kind === 'path' ? parsed.path : parsed.repository
  const segments = path.split('/')
  const prefixes = segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join('/'))
  const levels = await attempt(
    () =>
      Promise.all(
        prefixes.map(
          async (prefix): Promise<[string, TreeEntry[]]> => [
            `${url.registry}/${prefix}`,
            await readTreeLevel(actor, url.registry, prefix),
          ],
        ),
      ),
    actor,
  )
  // A level without entries would only repeat what the address says.
  return levels.ok ? levels.value.filter(([, entries]) => entries.length > 0) : []
}
