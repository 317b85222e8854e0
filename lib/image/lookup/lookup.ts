import { describeArtifact } from '../../oci/artifact.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { COMPLETE, collect, type ListEnd } from '../../registry/listing.ts'
import type { CallOptions, Registry, Repository, RepositorySearch } from '../../registry/registry.ts'
import { findInListing, notKnown } from './find-in-listing.ts'

export interface LookupResult {
  readonly items: readonly RepositoryName[]
  /** The total number. */
  readonly found: number
  /** Whether everything was read. */
  readonly end: ListEnd
  /** `search`: the registry's own, which matches as it likes. `catalog`: every name was compared. */
  readonly source: 'search' | 'catalog'
}

/**
 * Searches a registry's repositories for a term, without regard to case: names that end in it as a whole come first, then
 * segments that begin with it, then the rest, each by name. Asks the registry's own search where it has one, else, or
 * when that finds nothing, reads the whole catalog, as OCI has no call to search.
 * @param options.limit how many to return; default 100
 * @throws RegistryError `unsupported` where there is neither a search nor a catalog
 */
export async function lookup(
  registry: Registry,
  term: string,
  { limit = 100, signal }: CallOptions & { readonly limit?: number } = {},
): Promise<LookupResult> {
  const options = { signal }
  const wanted = term.trim().toLowerCase()
  const search = await registry.search(term.trim(), { limit, ...options })
  if (search && search.names.length > 0) return fromSearch(search, wanted)
  try {
    return await fromCatalog(registry, wanted, limit, options)
  } catch (error) {
    if (search && isRegistryError(error, 'unsupported')) return fromSearch(search, wanted)
    throw error
  }
}

/**
 * The kind of content in a repository's tags: images and indexes of them, or anything else (charts, modules,
 * documents).
 */
export type RepositoryKind = 'image' | 'artifact'

/** Tags that are tried for one that can be read. */
const TRIED_TAGS = 20

/**
 * The repository of that name; undefined if there isn't one. It exists when it has a tag or the catalog names it: a
 * registry without a catalog answers for repositories with tags only. Failures, and a list that ended
 * early, are thrown, never reported as absence.
 * @param options.kind only a repository whose first readable tag is of this kind; one without a tag is of neither
 */
export async function lookupRepository(
  registry: Registry,
  name: RepositoryName,
  { kind, signal }: CallOptions & { readonly kind?: RepositoryKind } = {},
): Promise<Repository | undefined> {
  const options = { signal }
  const repository = registry.repository(name)
  const { items, end } = await collect(repository.tags(options), kind ? TRIED_TAGS : 1)
  if (kind) {
    const found = await kindOf(repository, items, options)
    if (!found && !end.complete) throw notKnown(`${name} holds an ${kind}`, end.reason, registry.location)
    return found === kind ? repository : undefined
  }
  if (items.length > 0 || (await isListed(registry, name, options))) return repository
  if (!end.complete) throw notKnown(`${name} has a tag`, end.reason, registry.location)
  return undefined
}

async function isListed(registry: Registry, name: RepositoryName, options: CallOptions): Promise<boolean> {
  try {
    const listed = await findInListing(registry.repositories(options), (known) => known === name)
    if (listed.found || listed.end.complete) return listed.found
    throw notKnown(`there is a repository ${name}`, listed.end.reason, registry.location)
  } catch (error) {
    if (isRegistryError(error, 'unsupported')) return false
    throw error
  }
}

async function kindOf(
  repository: Repository,
  tags: readonly Tag[],
  options: CallOptions,
): Promise<RepositoryKind | undefined> {
  for (const tag of tags) {
    try {
      const { kind } = describeArtifact(await repository.manifest(tag, options))
      return kind === 'image' || kind === 'index' || kind === 'schema1' ? 'image' : 'artifact'
    } catch (error) {
      const unreadable = isRegistryError(error, 'not-found', 'digest-mismatch', 'malformed', 'too-large')
      if (!unreadable && !(error instanceof FormatError)) throw error
    }
  }
  return undefined
}

function fromSearch({ names, total }: RepositorySearch, wanted: string): LookupResult {
  // Results without the term were found by their description.
  const items = sorted(names.map((name) => ({ name, rank: rankOf(name, wanted) ?? Number.MAX_SAFE_INTEGER })))
  const partial = { complete: false, reason: `the registry sent ${items.length} of ${total} results` } as const
  return { items, found: total, end: total > items.length ? partial : COMPLETE, source: 'search' }
}

async function fromCatalog(
  registry: Registry,
  wanted: string,
  limit: number,
  options: CallOptions,
): Promise<LookupResult> {
  const hits: Hit[] = []
  const listing = registry.repositories(options)
  let next = await listing.next()
  for (; !next.done; next = await listing.next()) {
    const rank = rankOf(next.value, wanted)
    if (rank !== undefined) hits.push({ name: next.value, rank })
  }
  return { items: sorted(hits).slice(0, limit), found: hits.length, end: next.value, source: 'catalog' }
}

interface Hit {
  readonly name: RepositoryName
  readonly rank: number
}

function sorted(hits: Hit[]): RepositoryName[] {
  hits.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return hits.map((hit) => hit.name)
}

function rankOf(name: string, term: string): number | undefined {
  if (name === term) return 0
  if (name.endsWith(`/${term}`)) return 1
  if (name.startsWith(term) || name.includes(`/${term}`)) return 2
  return name.includes(term) ? 3 : undefined
}
