import 'server-only'
import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { type RepositoryTags, repositoryTags, type TagList } from '../../catalog/tag-list.ts'
import { type NewestTag, newestTag } from '../../image/inspect/newest-tag.ts'
import type { TagSummary } from '../../image/inspect/summary.ts'
import { type SortableSummary, sortTags } from '../../image/inspect/tags.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import type { Attempt } from '../../problem/attempt.ts'
import { type Problem, problemOf } from '../../problem/problem.ts'
import type { Repository } from '../../registry/registry.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { openRepository } from '../registries/open.ts'
import { typedFilter } from '../registries/typed-filter.ts'
import { type SharedDigests, sharedDigests } from './shared-digests.ts'

const PAGE_SIZE = 100
/** A page waits this long for what its sort needs before it sorts by what there is. */
const SORT_PATIENCE = 250
/** And so long for its rows: rows that come later are streamed one by one, which costs several times as much. */
const ROW_PATIENCE = 600

/** What the table says of one tag. */
export interface TagRow {
  readonly tag: string
  readonly digest: string
  readonly artifact?: string
  readonly platforms: readonly string[]
  readonly attestations: number
  readonly size?: number
  readonly sizePlatform?: string
  readonly created?: string
  /** When the image came to the registry, where that says so; RFC 3339. */
  readonly uploaded?: string
  /** Why some of it is missing. */
  readonly problem?: Problem
}

/** Tags that match, one page of them. */
export interface TagPage {
  /** Rows that have not arrived in time are promises, to be filled in later. */
  readonly rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> | Promise<Attempt<TagRow>> }[]
  readonly shared: SharedDigests
  /** Of how many tags in all. */
  readonly total: number
  readonly matching: number
  /** From 1. */
  readonly page: number
  /** Tags on a full page. */
  readonly size: number
  /** Why the filter was not used: all tags are shown. */
  readonly problem?: Problem
  /** There is a tag named `latest`, which no sort puts where it is looked for. */
  readonly hasLatest: boolean
  /** Tags that hold signatures and the like, left out. */
  readonly folded: number
  readonly partial?: string
  /** Once the times of all tags are known; nothing is read for it. */
  readonly newest?: NewestTag
  readonly listedAt: string
  /** Set when the sort needs more than is known yet. */
  readonly resolved?: { readonly done: number; readonly total: number }
}

/**
 * One page of a repository's tags.
 * @throws RegistryError, AccessError
 */
export async function readTagPage(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
  state: TagTableState,
): Promise<TagPage> {
  const { repository, tags, list } = await open(actor, registryName, name)
  const { matches, problem } = typedFilter(state.q)
  const matching = list.tags.filter(matches)
  const needsAll = state.sort === 'created' || state.sort === 'size'
  if (needsAll) await settleWithin(SORT_PATIENCE, tags.resolveAll(repository, list.tags))
  const known = needsAll ? tags.known(matching) : new Map<Tag, Attempt<TagSummary>>()
  const sorted = sortTags(matching, state.sort, state.dir, sortable(known))
  const pages = Math.max(1, Math.ceil(matching.length / PAGE_SIZE))
  const page = Math.min(Math.max(1, state.page), pages)
  const shown = sorted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  const arriving = shown.map((tag) => ({
    tag,
    row: tags.summary(repository, tag).then((summary) => rowOf(summary, list.pushed?.times.get(tag))),
  }))
  const arrived = Promise.all(arriving.map(async ({ tag, row }) => ({ tag, row: await row })))
  const rows = (await settleWithin(ROW_PATIENCE, arrived)) ?? arriving
  const seen = tags.known(list.tags)
  const newest = newestOf(seen, list)
  return {
    rows,
    shared: sharedDigests(seen, list.tags.length, shown),
    total: list.tags.length,
    matching: matching.length,
    page,
    size: PAGE_SIZE,
    ...(problem && { problem }),
    hasLatest: list.tags.some((tag) => tag === 'latest'),
    folded: list.folded.length,
    ...(list.partial && { partial: list.partial }),
    ...(newest && { newest }),
    listedAt: new Date(list.listedAt).toISOString(),
    ...(needsAll && known.size < matching.length && { resolved: { done: known.size, total: matching.length } }),
  }
}

/** Reports as the tags of a repository are resolved, until all are. @throws RegistryError, AccessError */
export async function* followResolution(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
  signal: AbortSignal,
): AsyncGenerator<{ readonly done: number; readonly total: number }> {
  const { repository, tags, list } = await open(actor, registryName, name)
  const finished = tags.resolveAll(repository, list.tags).then(() => true)
  for (;;) {
    const ended = await settleWithin(200, finished)
    const done = tags.known(list.tags).size
    yield { done, total: list.tags.length }
    if (ended || done >= list.tags.length || signal.aborted) return
  }
}

/** The names of a repository's tags that a filter as it was typed finds, best order first. @throws RegistryError, AccessError */
export async function searchTags(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
  term: string,
  limit = 50,
): Promise<{ readonly tags: readonly string[]; readonly total: number }> {
  const { list } = await open(actor, registryName, name)
  const matching = list.tags.filter(typedFilter(term).matches)
  return { tags: sortTags(matching, 'version', 'desc').slice(0, limit), total: matching.length }
}

async function open(
  actor: Actor,
  registryName: string,
  name: RepositoryName,
): Promise<{ repository: Repository; tags: RepositoryTags; list: TagList }> {
  const repository = openRepository(actor, 'browse', { registry: registryName, repository: name })
  const tags = repositoryTags(repository)
  return { repository, tags, list: await tags.list(repository) }
}

function sortable(known: ReadonlyMap<Tag, Attempt<TagSummary>>): Map<string, SortableSummary> {
  const summaries = new Map<string, SortableSummary>()
  for (const [tag, summary] of known) if (summary.ok) summaries.set(tag, summary.value)
  return summaries
}

function newestOf(
  known: ReadonlyMap<Tag, Attempt<TagSummary>>,
  { tags: names, pushed }: TagList,
): NewestTag | undefined {
  if (pushed) return newestTag(names, new Map(), pushed)
  return known.size < names.length ? undefined : newestTag(names, sortable(known))
}

function rowOf(summary: Attempt<TagSummary>, uploaded: string | undefined): Attempt<TagRow> {
  if (!summary.ok) return summary
  const { tag, digest, artifact, platforms, attestations, size, sizePlatform, created, problem } = summary.value
  return {
    ok: true,
    value: {
      tag,
      digest,
      platforms,
      attestations,
      ...(artifact && { artifact }),
      ...(size !== undefined && { size }),
      ...(sizePlatform && { sizePlatform }),
      ...(created && { created }),
      ...(uploaded && { uploaded }),
      ...(problem && { problem: problemOf(problem) }),
    },
  }
}

/** What a promise resolves to if it does so in time; a failure is thrown. */
async function settleWithin<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const controller = new AbortController()
  try {
    return await Promise.race([
      promise,
      delay(milliseconds, undefined, { signal: controller.signal }).catch(() => undefined),
    ])
  } finally {
    controller.abort()
  }
}
