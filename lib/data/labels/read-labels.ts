import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, authorizeRecords } from '../../access/authorize.ts'
import type { CatalogDatabase } from '../../catalog/database/catalog-database.ts'
import { LONGEST_SHOWN } from '../../catalog/database/cut-value.ts'
import { type LabelKey, type LabelValue, labelKeys, labelValues } from '../../catalog/database/label-keys.ts'
import { type LabelMatrix, labelMatrix, matrixRows } from '../../catalog/database/label-matrix.ts'
import { type LabelTimeline, labelTimeline } from '../../catalog/database/label-timeline.ts'
import { newestTags, readNewestTags } from '../../catalog/database/newest-tags.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { invalidLabels } from '../../catalog/policy/invalid-labels.ts'
import { pageOf } from '../../format/page-of.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { LabelsPageState } from '../../routes/labels-page-query.ts'
import { configuredPolicies } from '../policy/policy-findings.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { describeTyped, type TypedQuery } from '../search/read-search.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { chosenKeys } from './chosen-keys.ts'

export type { LabelKey, LabelValue } from '../../catalog/database/label-keys.ts'

const MATRIX_PAGE_SIZE = 50
/** Tags checked against policies for one page; more are checked a page at a time. */
const MOST_JUDGED = 2_000
const MOST_VALUES = 200
const MOST_KEYS = 500

export interface LabelsPage {
  readonly query: TypedQuery
  readonly ages: readonly CatalogAge[]
  /** The most frequent keys. */
  readonly keys: readonly LabelKey[]
  /** How many there are. */
  readonly keyCount: number
  readonly matrix?: MatrixPage
  /** Of the key's values in one repository. */
  readonly timeline?: LabelTimeline
  readonly values?: { readonly key: string; readonly values: readonly LabelValue[]; readonly isAll: boolean }
}

export interface MatrixPage {
  readonly keys: readonly string[]
  readonly rows: LabelMatrix['rows']
  /** Only where each repository has one row. */
  readonly totals?: {
    readonly rows: number
    /** How many of them lack each key. */
    readonly missing: readonly number[]
    /** How many have it with a value that breaks a policy. Absent where no policy reads the keys, or for many rows. */
    readonly invalid?: readonly number[]
    readonly lackAny: number
    readonly page: number
    /** Rows on a full page. */
    readonly size: number
    /** Repositories that have not been read. */
    readonly unread: readonly { readonly registry: string; readonly name: RepositoryName }[]
  }
  readonly next?: string
}

/** The labels of what the actor may see: keys, the values of one, or a matrix. @throws AccessError, StoreError */
export async function readLabels(actor: Actor, state: LabelsPageState): Promise<LabelsPage> {
  if (state.within) authorizeRecords(actor, state.within)
  const database = await theCatalogDatabase()
  const visibility = visibilityOf(actor, state)
  const [{ keys, total }, ages] = await Promise.all([
    labelKeys(database, visibility, MOST_KEYS),
    readCatalogAges(actor),
  ])
  const page = { query: describeTyped(state.q), ages, keys, keyCount: total }
  if (state.key != null) {
    const found = await labelValues(database, {
      visibility,
      key: state.key,
      limit: MOST_VALUES + 1,
      longest: LONGEST_SHOWN,
    })
    return {
      ...page,
      values: { key: state.key, values: found.slice(0, MOST_VALUES), isAll: found.length <= MOST_VALUES },
      ...(state.within && {
        timeline: await labelTimeline(
          database,
          { query: typedQuery(state.q).query, visibility, now: Date.now() },
          state.key,
        ),
      }),
    }
  }
  return state.view === 'keys' ? page : { ...page, matrix: await readMatrix(actor, state, keys) }
}

async function readMatrix(actor: Actor, state: LabelsPageState, known: readonly LabelKey[]): Promise<MatrixPage> {
  const database = await theCatalogDatabase()
  const { query } = typedQuery(state.q)
  const keys = chosenKeys(state, query, known)
  const search = { query, visibility: visibilityOf(actor, state), now: Date.now() }
  if (state.rows === 'all') {
    const { after } = state
    const paged = { ...search, sort: 'repository', limit: MATRIX_PAGE_SIZE, ...(after && { after }) } as const
    const matrix = await labelMatrix(database, paged, keys)
    const invalid = await invalidAmong(
      database,
      search.visibility,
      matrix.rows.map(({ tag }) => tag.id),
      keys,
    )
    return { keys, ...matrix, rows: matrix.rows.map((row) => withInvalid(row, keys, invalid)) }
  }
  const { tags, unread } = await newestTags(database, search, keys)
  const { items: shown, page, size } = pageOf(tags, state.page, MATRIX_PAGE_SIZE)
  const found = await readNewestTags(
    database,
    search,
    shown.map(({ id }) => id),
  )
  const isCounted = tags.length <= MOST_JUDGED
  const invalid = await invalidAmong(
    database,
    search.visibility,
    (isCounted ? tags : shown).map(({ id }) => id),
    keys,
  )
  const rows = await matrixRows(database, found, keys, LONGEST_SHOWN)
  return {
    keys,
    rows: rows.map((row) => withInvalid(row, keys, invalid)),
    totals: {
      rows: tags.length,
      missing: keys.map((_, index) => tags.filter(({ missing }) => missing[index]).length),
      ...(isCounted && invalid && { invalid: keys.map((key) => countOf(invalid, key)) }),
      lackAny: tags.filter(({ missing }) => missing.includes(true)).length,
      page,
      size,
      unread,
    },
  }
}

type Invalid = ReadonlyMap<number, ReadonlyMap<string, string>>

/** Undefined if no policy is about the keys. */
async function invalidAmong(
  database: CatalogDatabase,
  visibility: Visibility,
  tags: readonly number[],
  keys: readonly string[],
): Promise<Invalid | undefined> {
  const policies = configuredPolicies() ?? []
  const isRead = policies.some(
    ({ labels, forbid }) => labels.some(({ key }) => keys.includes(key)) || forbid.some((key) => keys.includes(key)),
  )
  if (!isRead) return undefined
  const visible = await database.repositories.visible(visibility)
  return invalidLabels(database, policies, { tags, keys, visible, now: Date.now() })
}

function withInvalid(
  { tag, cells }: LabelMatrix['rows'][number],
  keys: readonly string[],
  invalid: Invalid | undefined,
): LabelMatrix['rows'][number] {
  const of = invalid?.get(tag.id)
  if (!of) return { tag, cells }
  return {
    tag,
    cells: cells.map((cell, index) => {
      const expected = of.get(keys[index] ?? '')
      return expected === undefined || cell.state === 'missing' || cell.state === 'unread'
        ? cell
        : { ...cell, invalid: expected }
    }),
  }
}

function countOf(invalid: Invalid, key: string): number {
  return [...invalid.values()].filter((keys) => keys.has(key)).length
}

/** All that the actor may see, or the one repository of a page. */
function visibilityOf(actor: Actor, { within }: Pick<LabelsPageState, 'within'>): Visibility {
  if (!within) return searchVisibility(actor)
  authorizeRecords(actor, within)
  return allows(actor, 'browse', within) ? new Map([[within.registry, [within.repository]]]) : new Map()
}
