import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, mayChange, maySeeSetup } from '../../access/authorize.ts'
import { repositoryExists } from '../../catalog/changed.ts'
import type { PullSource } from '../../format/pull-commands.ts'
import type { Place } from '../../oci/place.ts'
import { namespaceOf } from '../../oci/reference.ts'
import { attempt } from '../../problem/attempt.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isOutage, RegistryError } from '../../registry/errors.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { isPinned } from '../home/pins.ts'
import { hostOf } from '../manifest/pull-source.ts'
import { readTagPage, type TagPage } from '../tags/read-tags.ts'
import type { EntryPage } from './entry-page.ts'
import type { LastSeen } from './last-seen.ts'
import { openRepository } from './open.ts'
import { readEntries, readTreeLevel } from './read-repositories.ts'
import { type RepositoryHead, readRepositoryHead } from './read-repository-head.ts'
import { type RepositoryTabs, type RepositoryView, readRepositoryView } from './read-repository-view.ts'
import { mayCopy, visibleRegistry } from './registries.ts'

/** A path of a registry: a namespace with entries below it, a repository with tags, or both. */
export interface PathPage {
  readonly below: EntryPage
  /** Absent for a path that is only a namespace. */
  readonly tags?: TagPage
  /** The path is a repository, too, whose tags Lading has never read, while its registry can't be asked. */
  readonly areTagsUnread?: true
  /** Set where the registry couldn't be asked. */
  readonly lastSeen?: LastSeen
  /** What of the repository is shown; absent for a path that is only a namespace. */
  readonly view?: RepositoryView
  /** What it is, where its tags or images are shown and something is known of them. */
  readonly head?: RepositoryHead
  /** Where tools pull from, where a host serves the registry. */
  readonly from?: PullSource
  readonly may: {
    readonly retag: boolean
    readonly delete: boolean
    readonly copy: boolean
    readonly label: boolean
    readonly load: boolean
    /** Read what settings of the server would help. */
    readonly setUp: boolean
  }
  /** Whether the actor keeps it on their home page; absent where they can't. */
  readonly pinned?: boolean
}

/**
 * A registry's catalog may be missing or partial, so that the tags decide whether there is a repository.
 * @throws RegistryError `not-found` when nothing is there that may be seen
 */
export async function readPath(
  actor: Actor,
  /** The repository that the path may be. */
  place: Place,
  state: TagTableState,
  /** Of the other tabs, where one of them may be asked for. */
  tabs?: RepositoryTabs,
): Promise<PathPage> {
  const { registry, repository: path } = place
  // The catalog may be missing or slow to fail; the tags alone can make a page.
  const listing = attempt(async () => {
    const [below, siblings] = await Promise.all([
      readEntries(actor, registry, path, state),
      readTreeLevel(actor, registry, namespaceOf(path)),
    ])
    return { below, siblings }
  }, actor)
  const from = hostOf(visibleRegistry(actor, registry))
  const { tags, outage } = allows(actor, 'browse', place) ? await tagsUnlessDown(actor, place, state) : {}
  const view = tags && tabs && (await readRepositoryView(actor, place, state, tabs))
  const isTable = view?.kind === 'tags' || view?.kind === 'images'
  const head = isTable ? await readRepositoryHead(actor, place, from) : undefined
  const [listed, pinned] = await Promise.all([listing, attempt(() => isPinned(actor, place), actor)])
  const below = listed.ok ? listed.value.below.page : NOTHING
  const isListed = listed.ok && listed.value.siblings.some((entry) => entry.path === path && entry.isRepository)
  // While the registry has not said it all, nothing is absent.
  const hasTags = tags && (tags.total + tags.folded > 0 || isListed || tags.isListing)
  if (!hasTags && below.total === 0)
    throw outage ?? new RegistryError('not-found', `${registry} has nothing at ${path}`)
  if (tags && tags.total > 0 && !tags.lastSeen && !isListed)
    await repositoryExists(openRepository(actor, 'browse', place))
  const lastSeen = outage
    ? listed.ok && { at: listed.value.below.listedAt, problem: problemOf(outage, actor) }
    : tags?.lastSeen
  return {
    below,
    ...(hasTags && { tags }),
    ...(outage && isListed && { areTagsUnread: true }),
    ...(lastSeen && { lastSeen }),
    ...(hasTags && view && { view }),
    ...(hasTags && head && { head }),
    ...(hasTags && pinned.ok && pinned.value !== undefined && { pinned: pinned.value }),
    ...(from && { from }),
    may: {
      ...mayChange(actor, place),
      copy: mayCopy(actor),
      load: allows(actor, 'load', place),
      setUp: maySeeSetup(actor),
    },
  }
}

/** While the registry is down, a namespace is shown although nobody can say whether it's a repository too. */
async function tagsUnlessDown(
  actor: Actor,
  place: Place,
  state: TagTableState,
): Promise<{ readonly tags?: TagPage; readonly outage?: RegistryError }> {
  try {
    return { tags: await readTagPage(actor, place, state) }
  } catch (error) {
    if (isOutage(error)) return { outage: error }
    throw error
  }
}

const NOTHING: EntryPage = {
  entries: [],
  matching: 0,
  page: 1,
  size: 1,
  total: 0,
  hasNamespaces: false,
  isFiltered: false,
}
