'use server'

import { z } from 'zod'
import { digest, placeInput, registryName, repositoryName, selector, tag } from '@/lib/data/input'
import { type Located, locateDigest, locateReference } from '@/lib/data/registries/locate'
import {
  type AllNames,
  type FoundRepositories,
  findRepositories,
  readNames,
  readTreeLevel,
  refresh,
} from '@/lib/data/registries/read-repositories'
import { type RootListing, readRoot } from '@/lib/data/registries/read-sidebar'
import { type RegistryMatches, searchRegistries } from '@/lib/data/registries/search-registries'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { readNearTags } from '@/lib/data/tags/read-near-tags'
import { type FoundTags, searchTags } from '@/lib/data/tags/read-tags'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const rootInput = z.strictObject({ registry: registryName })

/** How far the list of a registry's repositories is by now. */
export async function followRootListing(input: { registry: string }): Promise<Attempt<RootListing>> {
  return act(rootInput, input, (actor, { registry }) => readRoot(actor, registry))
}

const treeLevelInput = z.strictObject({ registry: registryName, prefix: z.union([z.literal(''), repositoryName]) })

/** What is directly below a path, for the tree. */
export async function listTreeLevel(input: z.input<typeof treeLevelInput>): Promise<Attempt<TreeEntry[]>> {
  return act(treeLevelInput, input, (actor, { registry, prefix }) => readTreeLevel(actor, registry, prefix))
}

/** Every repository's name, for the filter and the palette. */
export async function listRepositoryNames(): Promise<Attempt<AllNames>> {
  return act(z.undefined(), undefined, (actor) => readNames(actor))
}

const filterInput = z.string().max(300)

/** What a glob or a pattern finds over all registries, for the filter and the palette: words they look up themselves. */
export async function matchRepositories(typed: string): Promise<Attempt<FoundRepositories>> {
  return act(filterInput, typed, findRepositories)
}

const searchInput = z.string().trim().min(1).max(128)

/** What the registries that do not list all they have find themselves, for the palette. */
export async function askRegistries(term: string): Promise<Attempt<RegistryMatches[]>> {
  return act(searchInput, term, searchRegistries)
}

const tagSearchInput = placeInput.extend({ term: z.string().max(128) })

/** Tags of a repository that hold a term, for the palette and the pickers. */
export async function findTags(input: z.input<typeof tagSearchInput>): Promise<Attempt<FoundTags>> {
  return act(tagSearchInput, input, (actor, { term, ...place }) => searchTags(actor, place, term))
}

const refreshInput = z.strictObject({ registry: registryName, repository: repositoryName.optional() })

/** Forgets what was listed, so that the next look asks the registry. */
export async function refreshListing(input: z.input<typeof refreshInput>): Promise<Attempt<null>> {
  return act(refreshInput, input, async (actor, { registry, repository }) => {
    await refresh(actor, registry, repository)
    return null
  })
}

const locateInput = z.strictObject({
  host: z.string().max(300).optional(),
  repository: repositoryName,
  selector,
})

/** Where a pasted pull reference is. */
export async function findReference(input: z.input<typeof locateInput>): Promise<Attempt<Located>> {
  return act(locateInput, input, (actor, { host, repository, selector: wanted }) =>
    locateReference(actor, host, repository, wanted),
  )
}

const locateDigestInput = z.strictObject({
  digest,
  near: z.array(placeInput).max(20),
})

/** Where a pasted digest is, in the repositories that were seen. */
export async function findDigest(input: z.input<typeof locateDigestInput>): Promise<Attempt<Located>> {
  return act(locateDigestInput, input, (actor, { digest: wanted, near }) => locateDigest(actor, wanted, near))
}

const nearTagsInput = placeInput.extend({ tag })

/** Tags that are spelled almost like one that doesn't exist. */
export async function findNearTags(input: z.input<typeof nearTagsInput>): Promise<Attempt<readonly string[]>> {
  return act(nearTagsInput, input, (actor, { tag: wanted, ...place }) => readNearTags(actor, place, wanted))
}
