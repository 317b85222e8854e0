import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { QueryTerm } from '../../filter/query.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Resolved } from './resolve-query.ts'
import type { TagCondition } from './tag-names.ts'

type Condition = RawBuilder<SqlBool>

const TRUE: Condition = sql`1 = 1`
const FALSE: Condition = sql`1 = 0`

export interface ConditionOptions {
  readonly dialect: StoreDialect
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Leaves out what is about the tag or its repository: true of at least the images that the whole is true of. */
  readonly imagesOnly?: boolean
}

/** The query as a condition on `t` (tag), `i` (image) and `m` (its top-level manifest). NULL is unknown. */
export function queryCondition(query: Resolved, options: ConditionOptions): Condition {
  return conditionOf(query, false, options)
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
  if (options.imagesOnly && isAboutTags(query.term)) return TRUE
  const condition = termCondition(query, options)
  return isNegated ? sql`not (${condition})` : condition
}

export function isAboutTags({ field }: QueryTerm): boolean {
  return field === 'name' || field === 'registry' || field === 'repo' || field === 'tag' || field === 'moved'
}

function termCondition({ term, found }: Resolved & { op: 'term' }, { dialect, now }: ConditionOptions): Condition {
  switch (found.kind) {
    case 'repositories': {
      const isThere = dialect.isOneOf(sql.ref('t.repository_id'), [...found.ids])
      return found.tags ? sql`(${isThere} or ${tagCondition(found.tags, dialect)})` : isThere
    }
    case 'tags':
      return tagCondition(found.tags, dialect)
    case 'nowhere':
      return FALSE
    case 'label':
      return labelCondition(term, found.key, found.values, dialect)
    case 'platforms':
      return dialect.isOneOf(sql.ref('i.platform_id'), found.ids)
    case 'manifests':
      return sql`(${dialect.isOneOf(sql.ref('i.manifest_id'), found.ids)} or ${dialect.isOneOf(sql.ref('i.child_id'), found.ids)})`
    case 'plain':
      return plainCondition(term, now)
  }
}

function tagCondition(tags: TagCondition, dialect: StoreDialect): Condition {
  if ('names' in tags) return dialect.isOneOfTexts(sql.ref('t.name'), tags.names)
  if (tags.like.length === 0) return FALSE
  return sql`(${sql.join(
    tags.like.map((pattern) => dialect.isLike(sql.ref('t.name'), pattern)),
    sql` or `,
  )})`
}

/** Probes the labels of one image: counting keeps the planner from making a join of it, which reads all labels. */
function labelCondition(
  term: QueryTerm,
  key: number,
  values: readonly number[] | undefined,
  dialect: StoreDialect,
): Condition {
  const hasKey = sql<SqlBool>`(select count(*) from label l where l.image_id = i.id and l.key_id = ${key}) > 0`
  if (!values) return hasKey
  // The plus keeps the planner from looking up each of many values instead of the few labels of the image.
  const isValue = values.length === 1 ? sql`l.value_id = ${values[0]}` : dialect.isOneOf(sql`+l.value_id`, values)
  const hasValue =
    values.length === 0
      ? FALSE
      : sql<SqlBool>`(select count(*) from label l where l.image_id = i.id and l.key_id = ${key} and ${isValue}) > 0`
  return term.field === 'label' && term.test === 'differs' ? sql`(${hasKey} and not ${hasValue})` : hasValue
}

function plainCondition(term: QueryTerm, now: number): Condition {
  switch (term.field) {
    case 'type':
      return sql`m.type in (${sql.join(term.anyOf)})`
    case 'has':
      return sql`(${sql.join(
        term.anyOf.map((kind) => sql`${sql.ref(`m.${kind}`)} = 1`),
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
