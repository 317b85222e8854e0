import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type LabelKey, type LabelValue, labelKeys, labelValues } from '../../catalog/database/label-keys.ts'
import { type LabelMatrix, labelMatrix, matrixRows } from '../../catalog/database/label-matrix.ts'
import { newestTags, readNewestTags } from '../../catalog/database/newest-tags.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { LabelsPageState } from '../../routes/labels-page-query.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { describeTyped, type TypedQuery } from '../search/read-search.ts'
import { searchVisibility } from '../search/search-visibility.ts'

export type { LabelKey, LabelValue } from '../../catalog/database/label-keys.ts'

export const MATRIX_PAGE_SIZE = 50
/** Columns where none were chosen, and at most. */
const USUAL_KEYS = 4
export const MOST_COLUMNS = 12
const MOST_VALUES = 200

export interface LabelsPage {
  readonly query: TypedQuery
  readonly ages: readonly CatalogAge[]
  /** All keys, the most frequent first. */
  readonly keys: readonly LabelKey[]
  readonly matrix?: MatrixPage
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
    readonly lackAny: number
    readonly page: number
    /** Repositories that have not been read. */
    readonly unread: readonly { readonly registry: string; readonly name: string }[]
  }
  readonly next?: string
}

/** The labels of what the actor may see: keys, the values of one, or a matrix. @throws StoreError */
export async function readLabels(actor: Actor, state: LabelsPageState): Promise<LabelsPage> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const [keys, ages] = await Promise.all([labelKeys(database, visibility), readCatalogAges(actor)])
  const page = { query: describeTyped(state.q), ages, keys }
  if (state.key != null) {
    const found = await labelValues(database, { visibility, key: state.key, limit: MOST_VALUES + 1 })
    return {
      ...page,
      values: { key: state.key, values: found.slice(0, MOST_VALUES), isAll: found.length <= MOST_VALUES },
    }
  }
  return state.view === 'keys' ? page : { ...page, matrix: await readMatrix(actor, state, keys) }
}

async function readMatrix(actor: Actor, state: LabelsPageState, known: readonly LabelKey[]): Promise<MatrixPage> {
  const database = await theCatalogDatabase()
  const keys = chosenKeys(state, known)
  const search = { query: typedQuery(state.q).query, visibility: searchVisibility(actor), now: Date.now() }
  if (state.rows === 'all') {
    const { after } = state
    const paged = { ...search, sort: 'repository', limit: MATRIX_PAGE_SIZE, ...(after && { after }) } as const
    return { keys, ...(await labelMatrix(database, paged, keys)) }
  }
  const { tags, unread } = await newestTags(database, search, keys)
  const page = Math.min(Math.max(1, state.page), Math.max(1, Math.ceil(tags.length / MATRIX_PAGE_SIZE)))
  const shown = tags.slice((page - 1) * MATRIX_PAGE_SIZE, page * MATRIX_PAGE_SIZE)
  const found = await readNewestTags(
    database,
    search,
    shown.map(({ id }) => id),
  )
  return {
    keys,
    rows: await matrixRows(database, found, keys),
    totals: {
      rows: tags.length,
      missing: keys.map((_, index) => tags.filter(({ missing }) => missing[index]).length),
      lackAny: tags.filter(({ missing }) => missing.includes(true)).length,
      page,
      unread,
    },
  }
}

/** The columns that were chosen; else the most frequent keys. */
export function chosenKeys(state: Pick<LabelsPageState, 'keys'>, known: readonly LabelKey[]): readonly string[] {
  const chosen = [...new Set(state.keys)].slice(0, MOST_COLUMNS)
  return chosen.length > 0 ? chosen : known.slice(0, USUAL_KEYS).map(({ key }) => key)
}
