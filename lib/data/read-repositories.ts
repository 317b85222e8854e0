import 'server-only'
import type { Actor } from '../access/actor.ts'
import { allows } from '../access/authorize.ts'
import type { RepositoryName } from '../oci/reference.ts'
import type { Registry } from '../registry/registry.ts'
import { type Attempt, attempt } from './attempt.ts'
import { forgetNames, listNames, type Names } from './names.ts'
import type { Problem } from './problem.ts'
import { visibleRegistries, visibleRegistry } from './registries.ts'
import { forgetTags } from './tag-list.ts'
import { type TreeEntry, treeLevel } from './tree.ts'

/** A registry as home and the tree show it. */
export interface RegistryOverview {
  readonly name: string
  readonly kind: Registry['kind']
  readonly location: string
  readonly publicHost: string
  /** Whether archives may be loaded into it, wherever they say. */
  readonly mayLoad: boolean
  /** What is at its root and how many repositories there are, or why that cannot be told. */
  readonly listing: Attempt<{
    readonly entries: readonly TreeEntry[]
    /** Every repository, where they are few enough to be shown at once. */
    readonly all?: readonly string[]
    readonly total: number
    readonly partial?: string
    /** Why this is what was last seen, and not what is there now. */
    readonly failure?: Problem
    /** ISO 8601. */
    readonly listedAt: string
  }>
}

/** So many repositories fit on a card. */
const FEW = 24

/** Every registry that the actor may see, each listed or with the reason why not: one that is down does not hold up the page for long. */
export async function readRegistries(actor: Actor): Promise<RegistryOverview[]> {
  return Promise.all(visibleRegistries(actor).map((registry) => overviewOf(actor, registry)))
}

/** @throws RegistryError `not-found` */
export async function readRegistry(actor: Actor, name: string): Promise<RegistryOverview> {
  return overviewOf(actor, visibleRegistry(actor, name))
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
  const lists = await Promise.all(
    visibleRegistries(actor).map(async (registry) => {
      const names = await attempt(() => visibleNames(actor, registry))
      return { registry: registry.name, names }
    }),
  )
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

/** Has everything that is listed for a registry, or one repository's tags, listed anew. @throws RegistryError `not-found` */
export function refresh(actor: Actor, registry: string, repository?: RepositoryName): void {
  visibleRegistry(actor, registry)
  if (repository) forgetTags(registry, repository)
  else forgetNames(registry)
}

async function overviewOf(actor: Actor, registry: Registry): Promise<RegistryOverview> {
  return {
    name: registry.name,
    kind: registry.kind,
    location: registry.location,
    publicHost: registry.publicHost,
    mayLoad: registry.kind === 'layout' && allows(actor, 'load', { registry: registry.name }),
    listing: await attempt(async () => {
      const { sorted, partial, listedAt, failure } = await visibleNames(actor, registry)
      return {
        entries: treeLevel(sorted, ''),
        ...(sorted.length <= FEW && { all: sorted }),
        total: sorted.length,
        ...(partial && { partial }),
        ...(failure && { failure }),
        listedAt: new Date(listedAt).toISOString(),
      }
    }),
  }
}

async function visibleNames(actor: Actor, registry: Registry): Promise<Names> {
  const names = await listNames(registry)
  const sorted = names.sorted.filter((repository) => allows(actor, 'browse', { registry: registry.name, repository }))
  return { ...names, sorted }
}
