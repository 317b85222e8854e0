import { sql } from 'kysely'
import { parseReferrersTag } from '../../image/referrers/referrers-tag.ts'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { ATTACHED } from '../database/attached.ts'
import { mapAhead } from '../database/read-ahead.ts'
import type { KnownRepository } from '../database/repository-index.ts'
import { descending } from '../database/tag-order-by.ts'
import { repositorySteps, type TagStep } from '../database/tag-steps.ts'
import type { TagFacts } from './evaluate-tags.ts'

export interface CatalogTag extends TagFacts {
  readonly id: number
  /** Bytes. */
  readonly size?: number
}

export interface RepositoryTags {
  readonly repository: KnownRepository
  readonly tags: readonly CatalogTag[]
  /** Not all of its tags have been listed. */
  readonly isPartial: boolean
}

/** Repositories whose signatures are looked up together. */
const REPOSITORIES = 500
/** Where a version's key begins: what isn't a version sorts before. */
const FIRST_VERSION = '\u0100'

/** The tags of each repository as the catalog knows them, without those that hang something on another image. @throws StoreError */
export async function* readRepositoryTags(
  store: Store,
  repositories: readonly KnownRepository[],
  { withSignatures, signal }: { readonly withSignatures: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<RepositoryTags> {
  const sorted = [...repositories].sort((a, b) => a.id - b.id)
  for (let from = 0; from < sorted.length; from += REPOSITORIES) {
    const some = sorted.slice(from, from + REPOSITORIES)
    const byId = new Map(some.map((repository) => [repository.id, repository]))
    const states = await statesOf(store, some, withSignatures)
    const isComplete = new Set(states.flatMap(({ id, tags_complete: complete }) => (complete === 1 ? [id] : [])))
    const signed = withSignatures ? await signedManifests(store, states) : new Set<string>()
    const steps = repositorySteps(store, { repositories: some, isEverything: false })
    let current: { readonly id: number; readonly tags: CatalogTag[] } | undefined
    const repositoryTags = ({ id, tags }: NonNullable<typeof current>): RepositoryTags => ({
      repository: byId.get(id) as KnownRepository,
      tags,
      isPartial: !isComplete.has(id),
    })
    for await (const rows of mapAhead(steps, store.reportReaders, (step) => rowsOf(store, step, withSignatures))) {
      signal?.throwIfAborted()
      for (const row of rows) {
        const [, id, name] = row
        if (id !== current?.id) {
          if (current) yield repositoryTags(current)
          current = { id, tags: [] }
        }
        if (!parseReferrersTag(name)) current.tags.push(tagOf(row, signed))
      }
    }
    if (current) yield repositoryTags(current)
  }
}

interface RepositoryState {
  readonly id: number
  readonly tags_complete: number
  readonly list_folded?: string | null
}

function statesOf(
  { read, dialect }: Store,
  repositories: readonly KnownRepository[],
  withSignatures: boolean,
): Promise<RepositoryState[]> {
  const ids = repositories.map(({ id }) => id)
  return read
    .selectFrom('repository')
    .select(['id', 'tags_complete', ...(withSignatures ? (['list_folded'] as const) : [])])
    .where((eb) => dialect.isOneOf(eb.ref('id'), ids))
    .execute()
}

type Row = [
  id: number,
  repository: number,
  name: string,
  version: string,
  listed: number,
  moved: number,
  created: number,
  size: number,
  manifest: number | null,
  signature: number | null,
]

/** The tags of a step in order. */
async function rowsOf(store: Store, { condition }: TagStep, withSignatures: boolean): Promise<Row[]> {
  const columns = ['id', 'repository_id', 'name', 'version_key', 'listed', 'moved_at', 'created', 'size', 'manifest_id']
  const signature = withSignatures ? sql`t.attached & ${sql.lit(ATTACHED.signature)}` : sql`null`
  const rows = await readPacked<Row>(
    store,
    [...columns.map((column) => sql.ref(`t.${column}`)), signature],
    sql`from tag t where ${condition}`,
  )
  // As `compareInRepository` does, without an object for each of a million.
  return rows.sort(
    ([, a, name, key, listed], [, b, otherName, otherKey, otherListed]) =>
      a - b || otherListed - listed || descending(key, otherKey) || descending(name, otherName),
  )
}

function tagOf(row: Row, signedBy: ReadonlySet<string>): CatalogTag {
  const [id, repository, name, version, , moved, created, size, manifest, signature] = row
  const isSigned = signature === ATTACHED.signature || signedBy.has(`${repository} ${manifest}`)
  return {
    id,
    name,
    ...(manifest !== null && { manifest }),
    ...(created >= 0 && { created }),
    ...(moved >= 0 && { moved }),
    ...(size >= 0 && { size }),
    ...(version >= FIRST_VERSION && { version }),
    ...(isSigned ? { signed: true } : signature === 0 && { signed: false }),
  }
}

/** Manifests with one of cosign's tags beside them: `<repository> <manifest>`. */
async function signedManifests(
  { read, dialect }: Store,
  states: readonly RepositoryState[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const { id, list_folded: folded } of states) {
    if (!folded) continue
    const digests = (JSON.parse(folded) as string[]).flatMap((tag) => {
      const parsed = parseReferrersTag(tag)
      return parsed?.suffix === 'sig' ? [`${parsed.algorithm}:${parsed.hex}`] : []
    })
    if (digests.length === 0) continue
    const rows = await read
      .selectFrom('manifest')
      .select('id')
      .where((eb) => dialect.isOneOfDigests(eb.ref('digest'), digests))
      .execute()
    for (const manifest of rows) found.add(`${id} ${manifest.id}`)
  }
  return found
}
