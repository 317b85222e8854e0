import 'server-only'
import { cache } from 'react'
import type { Actor } from '../../access/actor.ts'
import { allows, allowsSomewhere, maySeeSetup, registryDecides } from '../../access/authorize.ts'
import { visibleRepositories } from '../../access/visible-repositories.ts'
import type { RepositoryList, Seen } from '../../catalog/catalog.ts'
import { repositoryChanged } from '../../catalog/changed.ts'
import { type ListState, STILL_LISTING } from '../../catalog/read-through/list-reader.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { filterRepositories } from '../../filter/compile-filter.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import type { Registry } from '../../registry/registry.ts'
import type { EntryListState } from '../../routes/entry-list-query.ts'
import { FRESH_PER_PAGE } from '../tags/tag-list-age.ts'
import { type EntryPage, entryPage } from './entry-page.ts'
import type { LastSeen } from './last-seen.ts'
import { listEntries } from './list-entries.ts'
import { openRepository } from './open.ts'
import { visibleRegistries, visibleRegistry } from './registries.ts'
import { type TreeEntry, treeLevel } from './tree.ts'
import { typedFilter } from './typed-filter.ts'

/** Entries on a registry's card among others. */
const CARD_SIZE = 24
const UNFILTERED: EntryListState = { names: '', namesPage: 1 }

/** A registry as home and the tree show it. */
export interface RegistryOverview {
  readonly name: string
  readonly kind: Registry['kind']
  /** Its address, as far as the visitor may know it. */
  readonly location?: string
  readonly publicHost: string
  /** Whether to say what settings of the server would help. */
  readonly seesSetup: boolean
  /** How archives may be loaded into it; absent where they may not. */
  readonly load?: LoadOffer
  /** What is at its root or what a filter finds in it, and how many repositories there are, or why that is unknown. */
  readonly listing: Attempt<{
    readonly page: EntryPage
    readonly partial?: string
    /** Set where it isn't what is there now. */
    readonly lastSeen?: LastSeen
    /** What is here is the beginning of the list, or an old one: the registry is being asked. */
    readonly isListing: boolean
    /** ISO 8601. */
    readonly listedAt: string
  }>
}

/** A registry whose list may be on its way. */
export interface PendingRegistry extends Pick<RegistryOverview, 'name' | 'kind' | 'location'> {
  readonly overview: Promise<RegistryOverview>
}

/** Every registry that the actor may see, at once; each is listed on its own, or says why it can't be. */
export function readRegistries(
  actor: Actor,
  state: EntryListState,
): { readonly registries: readonly PendingRegistry[]; readonly problem?: Problem } {
  const { problem } = typedFilter(state.names)
  const registries = visibleRegistries(actor).map((registry) => ({
    ...identityOf(actor, registry),
    overview: overviewOf(actor, registry, (sorted) => cardPage(sorted, state)),
  }))
  return { registries, ...(problem && { problem }) }
}

/** The same with everything at the root of each. */
export function readRoots(actor: Actor): readonly PendingRegistry[] {
  return visibleRegistries(actor).map((registry) => ({
    ...identityOf(actor, registry),
    overview: rootOf(actor, registry),
  }))
}

/** Everything at the root of one. @throws RegistryError `not-found` */
export async function readRegistryRoot(actor: Actor, name: string): Promise<RegistryOverview> {
  return rootOf(actor, visibleRegistry(actor, name))
}

function rootOf(actor: Actor, registry: Registry): Promise<RegistryOverview> {
  return overviewOf(actor, registry, (sorted) => entryPage(sorted, '', UNFILTERED, Number.POSITIVE_INFINITY))
}

/** @throws RegistryError `not-found` */
export async function readRegistry(actor: Actor, name: string, state: EntryListState): Promise<RegistryOverview> {
  return overviewOf(actor, visibleRegistry(actor, name), (sorted) => listEntries(actor, name, sorted, '', state))
}

export interface Entries {
  readonly page: EntryPage
  /** When the registry's repositories were listed; ISO 8601. */
  readonly listedAt: string
  readonly lastSeen?: LastSeen
}

/** One page of what is below a path of a registry. @throws RegistryError */
export async function readEntries(
  actor: Actor,
  registry: string,
  path: RepositoryName,
  state: EntryListState,
): Promise<Entries> {
  const { sorted, ...seen } = await visibleNames(actor, visibleRegistry(actor, registry))
  return { page: await listEntries(actor, registry, sorted, path, state), ...whenListed(actor, seen) }
}

/** What is directly below a path of a registry. @throws RegistryError */
export async function readTreeLevel(actor: Actor, registry: string, prefix: string): Promise<TreeEntry[]> {
  return treeLevel((await visibleNames(actor, visibleRegistry(actor, registry))).sorted, prefix)
}

/** More names than this are not sent to a browser: it says that its search is partial. */
const NAMES_LIMIT = 20_000

export interface AllNames {
  readonly registries: readonly { readonly registry: string; readonly names: readonly RepositoryName[] }[]
  /** True when a registry could not be listed, or not wholly. */
  readonly partial: boolean
}

/** The names of all repositories that the actor may see. */
export async function readNames(actor: Actor): Promise<AllNames> {
  const lists = await visibleLists(actor)
  return {
    registries: lists.map(({ registry, names }) => ({
      registry,
      names: names.ok ? names.value.sorted.slice(0, NAMES_LIMIT) : [],
    })),
    partial: lists.some(
      ({ names }) => !names.ok || names.value.partial !== undefined || names.value.sorted.length > NAMES_LIMIT,
    ),
  }
}

/** Repositories found by a filter that are sent to a browser at most. */
const FOUND_LIMIT = 1_000

export interface FoundRepositories {
  readonly matches: readonly { readonly registry: string; readonly path: RepositoryName }[]
  /** Of how many in all. */
  readonly found: number
  /** True when a registry could not be listed, or not wholly. */
  readonly partial: boolean
}

/** The repositories, over all registries, that a filter as it was typed finds. @throws FormatError `pattern` */
export async function findRepositories(actor: Actor, typed: string): Promise<FoundRepositories> {
  const filter = parseFilter(typed)
  if (!filter) return { matches: [], found: 0, partial: false }
  const lists = await visibleLists(actor)
  const matches = lists.flatMap(({ registry, names }) =>
    names.ok ? filterRepositories(names.value.sorted, filter).map((path) => ({ registry, path })) : [],
  )
  return {
    matches: matches.slice(0, FOUND_LIMIT),
    found: matches.length,
    partial: lists.some(({ names }) => !names.ok || names.value.partial !== undefined),
  }
}

/**
 * Makes the next reader ask the registry for its repositories, or for one repository's tags, even if it was down just
 * now. @throws RegistryError `not-found`
 */
export async function refresh(actor: Actor, name: string, repository?: RepositoryName): Promise<void> {
  const opened = repository && openRepository(actor, 'browse', { registry: name, repository })
  const registry = opened?.registry ?? visibleRegistry(actor, name)
  // What it fails with, the next reader is told.
  await registry.ping({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => {})
  if (opened) await repositoryChanged(opened)
  else await catalogOf(registry).registryChanged(name)
}

/** Of where it is, others than admins learn what their pull commands name anyway. */
function identityOf(
  actor: Actor,
  { name, kind, location, publicHost }: Registry,
): Pick<RegistryOverview, 'name' | 'kind' | 'location'> {
  if (maySeeSetup(actor)) return { name, kind, location }
  return { name, kind, ...(publicHost !== name && { location: publicHost }) }
}

/** Few repositories are shown themselves, without the namespaces that they are in. */
function cardPage(sorted: readonly RepositoryName[], state: EntryListState): EntryPage {
  const page = entryPage(sorted, '', state, CARD_SIZE)
  if (page.isFiltered || sorted.length > CARD_SIZE) return page
  const entries = sorted.map((path) => ({ path, name: path, isRepository: true, below: 0 }))
  return { ...page, entries, matching: entries.length, page: 1 }
}

async function overviewOf(
  actor: Actor,
  registry: Registry,
  pageOf: (sorted: readonly RepositoryName[]) => EntryPage | Promise<EntryPage>,
): Promise<RegistryOverview> {
  const load = loadOffer(actor, registry)
  return {
    ...identityOf(actor, registry),
    publicHost: registry.publicHost,
    seesSetup: maySeeSetup(actor),
    ...(load && { load }),
    listing: await attempt(async () => {
      const { sorted, partial, isListing, ...seen } = await visibleNames(actor, registry)
      return { page: await pageOf(sorted), ...(partial && { partial }), isListing, ...whenListed(actor, seen) }
    }, actor),
  }
}

function visibleLists(actor: Actor): Promise<{ registry: string; names: Attempt<VisibleNames> }[]> {
  return Promise.all(
    visibleRegistries(actor).map(async (registry) => ({
      registry: registry.name,
      names: await attempt(() => visibleNames(actor, registry), actor),
    })),
  )
}

/** A list this old does while a newer one is read, in milliseconds: the page doesn't wait for it. */
const STALE_AFTER = 5 * 60_000
const FRESH_FOR = 10_000
/** Milliseconds that a page waits for a list that it can't do without, and for one that it has. */
const PATIENCE = 1_500
const SHORT_PATIENCE = 200

interface VisibleNames extends RepositoryList {
  /** Milliseconds since the epoch. */
  readonly listedAt: number
  readonly failure?: Error
  /** What is here is the beginning of the list, or an old one: the registry is being asked. */
  readonly isListing: boolean
}

/** Once for a page, whose tree, levels and entries all need them. */
const visibleNames = cache(async (actor: Actor, registry: Registry): Promise<VisibleNames> => {
  const { value, seenAt, age, failure, isListing } = await namesOf(registry)
  return {
    // The registry gave this list to the actor's own account.
    sorted: registryDecides(actor, registry.name)
      ? value.sorted
      : visibleRepositories(actor, registry.name, value.sorted),
    listedAt: seenAt,
    ...(value.partial && { partial: value.partial }),
    ...(failure && { failure }),
    isListing: isListing === true && (value.partial === STILL_LISTING || age > STALE_AFTER),
  }
})

function whenListed(actor: Actor, { listedAt, failure }: Pick<VisibleNames, 'listedAt' | 'failure'>) {
  const at = new Date(listedAt).toISOString()
  return { listedAt: at, ...(failure && { lastSeen: { at, problem: problemOf(failure, actor) } }) }
}

async function namesOf(registry: Registry): Promise<Seen<RepositoryList> & ListState> {
  const known = await catalogOf(registry).catalog.repositories(registry.name)
  const patience = known && known.age < STALE_AFTER ? SHORT_PATIENCE : PATIENCE
  return catalogOf(registry).repositories(
    registry,
    { freshFor: FRESH_FOR, freshPerPage: FRESH_PER_PAGE, patience },
    known,
  )
}

/** `by-name`: every image goes to the repository that its name says; `into-one`: the user names a repository. */
export type LoadOffer = 'by-name' | 'into-one'

function loadOffer(actor: Actor, { name, kind }: Registry): LoadOffer | undefined {
  if (kind === 'layout' && allows(actor, 'load', { registry: name })) return 'by-name'
  return allowsSomewhere(actor, 'load', name) ? 'into-one' : undefined
}
