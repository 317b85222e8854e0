import { describeArtifact } from '../oci/artifact.ts'
import { FormatError } from '../oci/format-error.ts'
import type { RepositoryName, Tag } from '../oci/reference.ts'
import { isRegistryError } from '../registry/errors.ts'
import { collect, type ListEnd } from '../registry/listing.ts'
import type { CallOptions, Registry, Repository } from '../registry/registry.ts'

/**
 * Searches a registry's repositories for a term, without regard to case: names that end in it as a whole come first, then
 * segments that begin with it, then the rest, each by name. Reads the whole catalog, as OCI has no call to search.
 * @param options.limit how many to return; default 100. `end` says whether the catalog was read to its end
 */
export async function lookup(
  registry: Registry,
  term: string,
  { limit = 100, signal }: CallOptions & { readonly limit?: number } = {},
): Promise<{ readonly items: readonly RepositoryName[]; readonly found: number; readonly end: ListEnd }> {
  const wanted = term.trim().toLowerCase()
  const hits: { name: RepositoryName; rank: number }[] = []
  const listing = registry.repositories({ ...(signal && { signal }) })
  let next = await listing.next()
  for (; !next.done; next = await listing.next()) {
    const rank = rankOf(next.value, wanted)
    if (rank !== undefined) hits.push({ name: next.value, rank })
  }
  hits.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { items: hits.slice(0, limit).map((hit) => hit.name), found: hits.length, end: next.value }
}

/** What the tags of a repository hold: images and indexes of them, or anything else (charts, modules, documents). */
export type RepositoryKind = 'image' | 'artifact'

/** Tags that are tried for one that can be read. */
const TRIED_TAGS = 20

/**
 * The repository of that name; undefined when there is none. It exists when it has a tag or the catalog names it: a
 * registry without a catalog answers for repositories with tags only. Failures are thrown, never reported as absence.
 * @param options.kind only a repository whose first readable tag is of this kind; one without a tag is of neither
 */
export async function lookupRepository(
  registry: Registry,
  name: RepositoryName,
  { kind, signal }: CallOptions & { readonly kind?: RepositoryKind } = {},
): Promise<Repository | undefined> {
  const options = { ...(signal && { signal }) }
  const repository = registry.repository(name)
  const { items } = await collect(repository.tags(options), kind ? TRIED_TAGS : 1)
  if (kind) return (await kindOf(repository, items, options)) === kind ? repository : undefined
  if (items.length > 0) return repository
  try {
    for await (const known of registry.repositories(options)) if (known === name) return repository
  } catch (error) {
    if (!isRegistryError(error, 'unsupported')) throw error
  }
  return undefined
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

function rankOf(name: string, term: string): number | undefined {
  if (name === term) return 0
  if (name.endsWith(`/${term}`)) return 1
  if (name.startsWith(term) || name.includes(`/${term}`)) return 2
  return name.includes(term) ? 3 : undefined
}
