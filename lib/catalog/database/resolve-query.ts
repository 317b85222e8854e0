import { sql } from 'kysely'
import { compileAnyText, compilePlatform, compileText } from '../../filter/match-text.ts'
import type { Query, QueryTerm, TextMatch } from '../../filter/query.ts'
import type { Store } from '../../store/store.ts'
import { storedDigestRange } from '../../store/stored-digest.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { KnownRepository } from './repository-index.ts'
import { originalText, storedText, textHash } from './stored-text.ts'
import { type TagCondition, tagNames } from './tag-names.ts'

/**
 * A query whose names, keys and values have become ids: looked up first, so that the plan is chosen from counts and not
 * by the database.
 */
export type Resolved =
  | { readonly op: 'and' | 'or'; readonly terms: readonly Resolved[] }
  | { readonly op: 'not'; readonly term: Resolved }
  | { readonly op: 'term'; readonly term: QueryTerm; readonly found: Found }

/** A term resolved in the database. `images`: how many images it is true of, where that is known. */
export type Found =
  | { readonly kind: 'repositories'; readonly ids: ReadonlySet<number>; readonly tags?: TagCondition }
  | { readonly kind: 'tags'; readonly tags: TagCondition }
  | {
      readonly kind: 'label'
      /** Absent: no image has the key, but somebody added it. */
      readonly key?: number
      readonly values?: readonly number[]
      readonly images: number
      /** Set when somebody added labels with the key: the ids of those with one of the values, where there are values. */
      readonly added?: { readonly key: string; readonly ids?: readonly string[] }
    }
  /** Neither the key nor any of the values is anywhere. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'platforms'; readonly ids: readonly number[] }
  | { readonly kind: 'manifests'; readonly ids: readonly number[] }
  /** The term itself says everything. */
  | { readonly kind: 'plain' }

export interface ResolvedQuery {
  readonly query: Resolved
  /** Set when a pattern was tried on a part only, or a digest stands for more manifests than are looked up. */
  readonly partial: boolean
}

/** Values of one key that a glob or a pattern is tried on. */
const MOST_VALUES = 50_000
/** Manifests that one beginning of a digest may stand for. */
const MOST_MANIFESTS = 1_000

/** @throws StoreError; FormatError `pattern` unless `checkPatterns` was here before */
export async function resolveQuery(
  database: CatalogDatabase,
  query: Query,
  repositories: readonly KnownRepository[],
): Promise<ResolvedQuery> {
  let partial = false
  const resolve = async (node: Query): Promise<Resolved> => {
    if (node.op === 'not') return { op: 'not', term: await resolve(node.term) }
    if (node.op !== 'term') return { op: node.op, terms: await Promise.all(node.terms.map(resolve)) }
    return { op: 'term', term: node, found: await find(node) }
  }
  const find = async (term: QueryTerm): Promise<Found> => {
    const ignoreCase = true
    switch (term.field) {
      case 'name': {
        const matches = compileText(term.match, { ignoreCase })
        const ids = new Set(repositories.filter(({ name }) => matches(name)).map(({ id }) => id))
        return { kind: 'repositories', ids, tags: await tagsLike([term.match]) }
      }
      case 'registry':
      case 'repo': {
        const matches = compileAnyText(term.anyOf, { ignoreCase })
        const nameOf = (repository: KnownRepository) =>
          term.field === 'registry' ? repository.registry : repository.name
        const found = repositories.filter((repository) => matches(nameOf(repository)))
        return { kind: 'repositories', ids: new Set(found.map(({ id }) => id)) }
      }
      case 'tag':
        return { kind: 'tags', tags: await tagsLike(term.anyOf) }
      case 'label': {
        const found = await findLabel(database.store, term)
        if (found.partial) partial = true
        return found.found
      }
      case 'platform': {
        const matches = compilePlatform(term.anyOf)
        const platforms = await database.store.read.selectFrom('platform').selectAll().execute()
        return {
          kind: 'platforms',
          ids: platforms.filter(({ name }) => matches(originalText(name))).map(({ id }) => id),
        }
      }
      case 'digest': {
        const found = await findManifests(database.store, term.anyOf)
        if (found.isPartial) partial = true
        return { kind: 'manifests', ids: found.ids }
      }
      default:
        return { kind: 'plain' }
    }
  }
  const tagsLike = async (anyOf: readonly TextMatch[]): Promise<TagCondition> => {
    const found = await tagNames(database.store, anyOf)
    if (found.isPartial) partial = true
    return found.condition
  }
  const resolved = await resolve(query)
  return { query: resolved, partial }
}

type FoundLabel = { found: Found; partial: boolean }

async function findLabel({ read }: Store, term: QueryTerm & { field: 'label' }): Promise<FoundLabel> {
  const [key, { values, partial }, added] = await Promise.all([
    read.selectFrom('label_key').select(['id', 'images']).where('hash', '=', textHash(term.key)).executeTakeFirst(),
    findValues(read, term),
    findAdded(read, term),
  ])
  if (!key && !added) return { found: { kind: 'nowhere' }, partial: false }
  const own = { kind: 'label', ...(key && { key: key.id }), ...(added && { added: added.added }) } as const
  const images = (key?.images ?? 0) + (added?.labels ?? 0)
  const isPartial = added?.isPartial ?? false
  if (term.test === 'present') return { found: { ...own, images }, partial: isPartial }
  const having = values.reduce((sum, value) => sum + value.images, 0) + (added?.added.ids?.length ?? 0)
  return {
    found: { ...own, values: values.map(({ id }) => id), images: term.test === 'is' ? having : images - having },
    partial: partial || isPartial,
  }
}

/** The labels added under the key, and those with one of the values. */
async function findAdded(read: Store['read'], term: QueryTerm & { field: 'label' }) {
  const key = storedText(term.key)
  const rows = await read
    .selectFrom('added_label')
    .select(term.test === 'present' ? ['id'] : ['id', 'value'])
    .where('key', '=', key)
    .limit(MOST_VALUES + 1)
    .execute()
  if (rows.length === 0) return undefined
  if (term.test === 'present') return { added: { key }, labels: rows.length, isPartial: false }
  const matches = compileAnyText(term.anyOf, { ignoreCase: false })
  const ids = rows.filter(({ value = '' }) => matches(originalText(value))).map(({ id }) => id)
  return { added: { key, ids }, labels: rows.length, isPartial: rows.length > MOST_VALUES }
}

/** The key's values that are meant. */
async function findValues(
  read: Store['read'],
  term: QueryTerm & { field: 'label' },
): Promise<{ values: readonly { id: number; images: number }[]; partial: boolean }> {
  if (term.test === 'present') return { values: [], partial: false }
  const key = read.selectFrom('label_key').select('id').where('hash', '=', textHash(term.key))
  const base = read.selectFrom('label_value').where('key_id', '=', key)
  if (term.anyOf.every(({ is }) => is === 'exact')) {
    const hashes = term.anyOf.map(({ text }) => textHash(text))
    return { values: await base.select(['id', 'images']).where('hash', 'in', hashes).execute(), partial: false }
  }
  const matches = compileAnyText(term.anyOf, { ignoreCase: false })
  const rows = await base
    .select(['id', 'images', 'value'])
    .orderBy('images', 'desc')
    .limit(MOST_VALUES + 1)
    .execute()
  return {
    values: rows.slice(0, MOST_VALUES).filter(({ value }) => matches(originalText(value))),
    partial: rows.length > MOST_VALUES,
  }
}

/** Manifests with a digest that begins so, that list an index with one, or that use such a blob. */
async function findManifests({ read }: Store, anyOf: readonly string[]) {
  const found = new Set<number>()
  let isPartial = false
  for (const hex of anyOf) {
    const [from, to] = storedDigestRange(hex)
    const { rows } = await sql<{ id: number }>`
      select id from manifest where digest >= ${from} and digest < ${to}
      union
      select nested_index.manifest_id as id from manifest
      join nested_index on nested_index.child_id = manifest.id
      where manifest.digest >= ${from} and manifest.digest < ${to}
      union
      select manifest_blob.manifest_id as id from blob
      join manifest_blob on manifest_blob.blob_id = blob.id
      where blob.digest >= ${from} and blob.digest < ${to}
      limit ${MOST_MANIFESTS + 1}`.execute(read)
    for (const { id } of rows.slice(0, MOST_MANIFESTS)) found.add(id)
    isPartial ||= rows.length > MOST_MANIFESTS
  }
  return { ids: [...found], isPartial }
}
