import { sql } from 'kysely'
import { parseReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { Store } from '../../store/store.ts'
import { ATTACHED } from '../database/attached.ts'
import type { KnownRepository } from '../database/repository-index.ts'
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

/** Rows of one statement: what they are cloned into holds the event loop for some milliseconds. */
const ROWS = 4_000
/** Repositories of one statement. */
const REPOSITORIES = 500
/** Where a version's key begins: what is no version sorts before. */
const FIRST_VERSION = '\u0100'

/** The tags of each repository as the catalog knows them, without those that hang something on another image. @throws StoreError */
export async function* readRepositoryTags(
  { read, dialect }: Store,
  repositories: readonly KnownRepository[],
  { withSignatures, signal }: { readonly withSignatures: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<RepositoryTags> {
  const sorted = [...repositories].sort((a, b) => a.id - b.id)
  for (let from = 0; from < sorted.length; from += REPOSITORIES) {
    const some = new Map(sorted.slice(from, from + REPOSITORIES).map((repository) => [repository.id, repository]))
    const ids = [...some.keys()]
    const states = await read
      .selectFrom('repository')
      .select(['id', 'tags_complete', ...(withSignatures ? (['list_folded'] as const) : [])])
      .where((eb) => dialect.isOneOf(eb.ref('id'), ids))
      .execute()
    const stateOf = new Map(states.map((state) => [state.id, state]))
    const signed = withSignatures ? await signedManifests({ read, dialect } as Store, states) : new Set<string>()
    let tags: CatalogTag[] = []
    let current: number | undefined
    const repositoryTags = (id: number): RepositoryTags => ({
      repository: some.get(id) as KnownRepository,
      tags,
      isPartial: stateOf.get(id)?.tags_complete !== 1,
    })
    for (let after = { id: 0, name: '' }; ; ) {
      signal?.throwIfAborted()
      const { rows } = await sql<Row>`
        select t.id, t.repository_id, t.name, t.version_key, t.moved_at, t.created, t.size, t.manifest_id,
          ${withSignatures ? sql`t.attached & ${ATTACHED.signature}` : sql`null`} as signature
        from tag t
        where ${dialect.isOneOf(sql.ref('t.repository_id'), ids)}
        and (t.repository_id, t.name) > (${after.id}, ${after.name})
        order by t.repository_id, t.name limit ${ROWS}`.execute(read)
      for (const row of rows) {
        if (row.repository_id !== current) {
          if (current !== undefined) yield repositoryTags(current)
          current = row.repository_id
          tags = []
        }
        if (!parseReferrersTag(row.name)) tags.push(tagOf(row, signed))
      }
      const last = rows.at(-1)
      if (!last || rows.length < ROWS) break
      after = { id: last.repository_id, name: last.name }
    }
    if (current !== undefined) yield repositoryTags(current)
  }
}

interface Row {
  readonly id: number
  readonly repository_id: number
  readonly name: string
  readonly version_key: string
  readonly moved_at: number
  readonly created: number
  readonly size: number
  readonly manifest_id: number | null
  readonly signature: number | null
}

function tagOf(row: Row, signedBy: ReadonlySet<string>): CatalogTag {
  const { id, name, version_key: version, moved_at: moved, created, size, manifest_id: manifest, signature } = row
  const isSigned = signature === ATTACHED.signature || signedBy.has(`${row.repository_id} ${manifest}`)
  return {
    id,
    name,
    ...(manifest !== null && { manifest }),
    ...(created >= 0 && { created: Number(created) }),
    ...(moved >= 0 && { moved: Number(moved) }),
    ...(size >= 0 && { size: Number(size) }),
    ...(version >= FIRST_VERSION && { version }),
    ...(isSigned ? { signed: true } : signature === 0 && { signed: false }),
  }
}

/** Manifests with one of cosign's tags beside them: `<repository> <manifest>`. */
async function signedManifests(
  { read, dialect }: Store,
  states: readonly { readonly id: number; readonly list_folded?: string | null }[],
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
