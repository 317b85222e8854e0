import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, mayChange } from '../../access/authorize.ts'
import { exists } from '../../catalog/changed.ts'
import type { PullSource } from '../../format/pull-commands.ts'
import { namespaceOf, type RepositoryName } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { HistoryState } from '../../routes/history-query.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { type RepositoryHistory, readRepositoryHistory } from '../history/read-history.ts'
import { hostOf } from '../manifest/pull-source.ts'
import { type ImageTable, readImages } from '../tags/read-images.ts'
import { readTagPage, type TagPage } from '../tags/read-tags.ts'
import type { EntryPage } from './entry-page.ts'
import { readEntries, readTreeLevel } from './read-repositories.ts'
import { mayCopy, visibleRegistry } from './registries.ts'

/** What a path of a registry is: a namespace with entries below it, a repository with tags, or both. */
export interface PathPage {
  readonly below: EntryPage
  /** Absent for a path that is only a namespace. */
  readonly tags?: TagPage
  /** The same repository by image, where that is what is asked for. */
  readonly images?: ImageTable
  /** What happened to the tags, where that is asked for. */
  readonly history?: Attempt<RepositoryHistory>
  /** Where tools pull from, where a host serves the registry. */
  readonly from?: PullSource
  readonly may: {
    readonly retag: boolean
    readonly delete: boolean
    readonly copy: boolean
    /** Only into a layout. */
    readonly load: boolean
  }
}

/**
 * A registry's catalog may be missing or partial, so that the tags decide whether there is a repository.
 * @throws RegistryError `not-found` when nothing is there that may be seen
 */
export async function readPath(
  actor: Actor,
  registry: string,
  path: RepositoryName,
  { history: historyState, ...state }: TagTableState & { readonly history?: HistoryState },
): Promise<PathPage> {
  const scope = { registry, repository: path }
  // The catalog may be missing or slow to fail; the tags alone can make a page.
  const listing = attempt(async () => {
    const [below, siblings] = await Promise.all([
      readEntries(actor, registry, path, state),
      readTreeLevel(actor, registry, namespaceOf(path)),
    ])
    return { below, siblings }
  })
  // The filter of a history is a query, and not one of the tags beside it.
  const table = state.view === 'history' ? { ...state, q: '' } : state
  const tags = allows(actor, 'browse', scope) ? await readTagPage(actor, registry, path, table) : undefined
  const images = tags && state.view === 'images' ? await readImages(actor, registry, path, state) : undefined
  const history =
    tags && historyState && state.view === 'history'
      ? await attempt(() => readRepositoryHistory(actor, scope, historyState))
      : undefined
  const listed = await listing
  const from = hostOf(visibleRegistry(actor, registry))
  const below = listed.ok ? listed.value.below : NOTHING
  const isListed = listed.ok && listed.value.siblings.some((entry) => entry.path === path && entry.isRepository)
  // While the registry has not said it all, nothing is absent.
  const hasTags = tags && (tags.total + tags.folded > 0 || isListed || tags.isListing)
  if (!hasTags && below.total === 0) throw new RegistryError('not-found', `${registry} has nothing at ${path}`)
  if (tags && tags.total > 0 && !isListed) await exists(scope)
  return {
    below,
    ...(hasTags && { tags }),
    ...(images && { images }),
    ...(history && hasTags && { history }),
    ...(from && { from }),
    may: {
      ...mayChange(actor, scope),
      copy: mayCopy(actor),
      load: allows(actor, 'load', scope),
    },
  }
}

const NOTHING: EntryPage = { entries: [], matching: 0, page: 1, size: 1, total: 0, isFiltered: false }
