import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Attachment, QueryTerm } from '../../filter/query.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import { ATTACHED } from './attached.ts'
import { IS_UNREAD } from './is-unread.ts'
import type { Found, Resolved } from './resolve-query.ts'
import type { TagCondition } from './tag-names.ts'

type Condition = RawBuilder<SqlBool>
type FoundLabel = Extract<Found, { kind: 'label' }>

const TRUE: Condition = sql`1 = 1`
const FALSE: Condition = sql`1 = 0`
/** What an image lacks, as far as it has been read. */
const UNKNOWN_IF_UNREAD: Condition = sql`(case when ${IS_UNREAD} then null else 1 = 0 end)`
/** To the database a platform that is NULL is not unknown among no platforms at all. */
const NO_PLATFORM: Condition = sql`(case when i.platform_id is null then null else 1 = 0 end)`

export interface ConditionOptions {
  readonly dialect: StoreDialect
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Leaves out what is about the tag or its repository: true of at least the images that the whole is true of. */
  readonly imagesOnly?: boolean
  /** What isn't known is NULL everywhere. Else it may be false where that finds the same, which is faster. */
  readonly tellsUnknown?: boolean
}

/** The query as a condition on `t` (tag), `i` (image) and `m` (its top-level manifest). NULL is unknown. */
export function queryCondition(query: Resolved, options: ConditionOptions): Condition {
  return conditionOf(query, false, options)
}

/** Where a condition made with `tellsUnknown` isn't decided by what is known. */
export function isUnknown(condition: Condition): Condition {
  // Of such an index only the first images are recorded.
  return sql`((${condition}) is null or m.problem = 'too-many-platforms')`
}

/** Negations move down to the terms, so that what is left out is true there whichever way it is asked for. */
function conditionOf(query: Resolved, isNegated: boolean, options: ConditionOptions): Condition {
  if (query.op === 'not') return conditionOf(query.term, !isNegated, options)
  if (query.op !== 'term') {
    const isAnd = (query.op === 'and') !== isNegated
    const parts = query.terms.map((term) => conditionOf(term, isNegated, options))
    if (parts.length === 0) return isAnd ? TRUE : FALSE
    return sql`(${sql.join(parts, isAnd ? sql` and ` : sql` or `)})`
  }
  if (options.imagesOnly && isAboutTags(query)) return TRUE
  if (options.imagesOnly && query.found.kind === 'label' && query.found.added)
    return imageLabelCondition(query.term, query.found, isNegated, options.dialect)
  const condition = termCondition(query, isNegated || options.tellsUnknown === true, options)
  return isNegated ? sql`not (${condition})` : condition
}

/**
 * What is left to ask of a tag once its image is known to satisfy the query with `imagesOnly`: the terms that the images
 * alone don't decide.
 */
export function tagCondition(query: Resolved, options: ConditionOptions): Condition {
  const terms = query.op === 'and' ? query.terms : [query]
  return queryCondition({ op: 'and', terms: terms.filter((term) => !isDecidedByImages(term)) }, options)
}

/** Whether the query distinguishes tags on one manifest by properties of the tags alone, not of its images. */
export function asksTagsAlone(query: Resolved): boolean {
  const terms = query.op === 'and' ? query.terms : [query]
  return terms.every((term) => isDecidedByImages(term) || isAboutTagsOnly(term))
}

/** Whether it asks for something attached, of which an index says a part itself. */
export function asksAttachments(query: Resolved): boolean {
  if (query.op === 'not') return asksAttachments(query.term)
  return query.op === 'term' ? query.term.field === 'has' : query.terms.some(asksAttachments)
}

function isAboutTagsOnly(query: Resolved): boolean {
  if (query.op === 'not') return isAboutTagsOnly(query.term)
  return query.op === 'term' ? isAboutTags(query) : query.terms.every(isAboutTagsOnly)
}

function isDecidedByImages(query: Resolved): boolean {
  if (query.op === 'not') return isDecidedByImages(query.term)
  if (query.op !== 'term') return query.terms.every(isDecidedByImages)
  return !isAboutTags(query) && !(query.found.kind === 'label' && query.found.added)
}

/** Attachments of an image belong to a repository, and so to its tags. */
function isAboutTags({ term: { field } }: Resolved & { op: 'term' }): boolean {
  return (
    field === 'has' ||
    field === 'name' ||
    field === 'registry' ||
    field === 'repo' ||
    field === 'tag' ||
    field === 'moved'
  )
}

function termCondition(
  { term, found }: Resolved & { op: 'term' },
  tellsUnknown: boolean,
  { dialect, now }: ConditionOptions,
): Condition {
  switch (found.kind) {
    case 'repositories': {
      const isThere = dialect.isOneOf(sql.ref('t.repository_id'), [...found.ids])
      return found.tags ? sql`(${isThere} or ${nameCondition(found.tags, dialect)})` : isThere
    }
    case 'tags':
      return nameCondition(found.tags, dialect)
    case 'nowhere':
      return tellsUnknown ? UNKNOWN_IF_UNREAD : FALSE
    case 'label':
      return labelCondition(term, found, tellsUnknown, dialect)
    case 'platforms':
      if (found.ids.length === 0) return tellsUnknown ? NO_PLATFORM : FALSE
      return dialect.isOneOf(sql.ref('i.platform_id'), found.ids)
    case 'manifests':
      return either(tellsUnknown, [
        dialect.isOneOf(sql.ref('i.manifest_id'), found.ids),
        dialect.isOneOf(sql.ref('i.child_id'), found.ids),
      ])
    case 'plain':
      return plainCondition(term, now)
  }
}

function nameCondition(tags: TagCondition, dialect: StoreDialect): Condition {
  if ('names' in tags) return dialect.isOneOfTexts(sql.ref('t.name'), tags.names)
  if (tags.like.length === 0) return FALSE
  return sql`(${sql.join(
    tags.like.map((pattern) => dialect.isLike(sql.ref('t.name'), pattern)),
    sql` or `,
  )})`
}

/** Probes the labels of one image: counting keeps the planner from making a join of it, which reads all labels. */
function labelCondition(term: QueryTerm, found: FoundLabel, tellsUnknown: boolean, dialect: StoreDialect): Condition {
  const { values } = found
  const differs = term.field === 'label' && term.test === 'differs'
  const hasKey = either(
    tellsUnknown,
    found.key === undefined
      ? []
      : [sql`(select count(*) from label l where l.image_id = i.id and l.key_id = ${found.key}) > 0`],
    found.added ? [hasAdded(sql`a.key = ${found.added.key}`)] : [],
  )
  if (!values) return hasKey
  // The plus keeps the planner from looking up each of many values instead of the few labels of the image.
  const isValue = values.length === 1 ? sql`l.value_id = ${values[0]}` : dialect.isOneOf(sql`+l.value_id`, values)
  const ids = found.added?.ids ?? []
  const hasValue = either(
    tellsUnknown || differs,
    values.length === 0
      ? []
      : [sql`(select count(*) from label l where l.image_id = i.id and l.key_id = ${found.key} and ${isValue}) > 0`],
    ids.length === 0 ? [] : [hasAdded(dialect.isOneOfTexts(sql.ref('a.id'), ids))],
  )
  return differs ? sql`(${hasKey} and not ${hasValue})` : hasValue
}

/** Added to the image in this repository, or to the index that lists it. */
function hasAdded(condition: Condition): Condition {
  return addedAnywhere(sql`a.repository_id = t.repository_id and ${condition}`)
}

function addedAnywhere(condition: Condition): Condition {
  return sql`(select count(*) from added_label a
    where a.digest in (m.digest, (select c.digest from manifest c where c.id = i.child_id)) and ${condition}) > 0`
}

/** Of a label that somebody added: true of at least the images that have it in some repository, or lack it in some. */
function imageLabelCondition(
  term: QueryTerm,
  { added, ...own }: FoundLabel,
  isNegated: boolean,
  dialect: StoreDialect,
): Condition {
  const differs = term.field === 'label' && term.test === 'differs'
  if (isNegated) return differs ? TRUE : sql`not (${labelCondition(term, own, true, dialect)})`
  const { values: _, ...key } = own
  return either(
    false,
    [labelCondition(term, differs ? key : own, false, dialect)],
    [addedAnywhere(sql`a.key = ${added?.key}`)],
  )
}

function either(tellsUnknown: boolean, ...conditions: readonly (readonly Condition[])[]): Condition {
  const all = [...conditions.flat(), ...(tellsUnknown ? [UNKNOWN_IF_UNREAD] : [])]
  return all.length === 0 ? FALSE : sql`(${sql.join(all, sql` or `)})`
}

function plainCondition(term: QueryTerm, now: number): Condition {
  switch (term.field) {
    case 'type':
      return sql`m.type in (${sql.join(term.anyOf)})`
    case 'has':
      return sql`(${sql.join(
        term.anyOf.map((kind) =>
          kind === 'signature'
            ? isAttached(kind)
            : sql`(${isAttached(kind)} or (m.type = 'index' and ${sql.ref(`m.${kind}`)} = 1))`,
        ),
        sql` or `,
      )})`
    case 'created':
      return rangeCondition(sql`i.created`, term, now)
    case 'moved':
      return rangeCondition(sql`nullif(t.moved_at, -1)`, term, now)
    case 'size':
    case 'layers':
      return rangeCondition(sql.ref(`i.${term.field}`), { unit: 'at', range: term.range }, now)
    default:
      throw new Error(`${term.field} is resolved before`)
  }
}

function isAttached(kind: Attachment): Condition {
  return sql`(t.attached & ${ATTACHED[kind]}) > 0`
}

function rangeCondition(
  column: RawBuilder<unknown>,
  { unit, range: { from, before } }: Pick<QueryTerm & { field: 'created' }, 'unit' | 'range'>,
  now: number,
): Condition {
  const [low, high] =
    unit === 'at'
      ? [from, before]
      : [before === undefined ? undefined : now - before + 1, from === undefined ? undefined : now - from + 1]
  const parts: Condition[] = []
  if (low !== undefined) parts.push(sql`${column} >= ${low}`)
  if (high !== undefined) parts.push(sql`${column} < ${high}`)
  return parts.length === 0 ? sql`${column} is not null` : sql`(${sql.join(parts, sql` and `)})`
}
