import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { reportDatabase } from '../../catalog/database/catalog-database.ts'
import { everyMatrixRow, type MatrixRow } from '../../catalog/database/every-matrix-row.ts'
import { labelKeys, labelValues } from '../../catalog/database/label-keys.ts'
import { type LabelCell, type LabelMatrix, matrixRows } from '../../catalog/database/label-matrix.ts'
import { newestTags, readNewestTags } from '../../catalog/database/newest-tags.ts'
import { readAhead } from '../../catalog/database/read-ahead.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import type { Query } from '../../filter/query.ts'
import type { LabelsPageState } from '../../routes/labels-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import { chosenKeys } from '../labels/chosen-keys.ts'
import { finishedQuery } from '../search/finished-query.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { Export } from './export.ts'
import type { ExportRow } from './export-text.ts'
import { labelColumn } from './tag-row.ts'

const AT_ONCE = 500
const EVERY = 1_000_000

/**
 * The content of the labels page in full: all keys, all values of one, or the whole matrix. @throws AccessError,
 * FormatError `pattern`, StoreError, AuditError
 */
export async function exportLabelReport(actor: Actor, state: LabelsPageState, signal?: AbortSignal): Promise<Export> {
  authorize(actor, 'export', {})
  const visibility = searchVisibility(actor, 'export')
  const database = reportDatabase(await theCatalogDatabase())
  await recordExport(actor, state.key != null ? `values of the label ${state.key}` : 'labels', { query: state.q })
  if (state.key != null) {
    const { key } = state
    const values = await labelValues(database, { visibility, key, limit: EVERY })
    return {
      name: 'label-values',
      columns: ['key', 'value', 'images'],
      pages: one(values.map(({ value, images }) => ({ key, value, images }))),
    }
  }
  const { keys: known } = await labelKeys(database, visibility, EVERY)
  if (state.view === 'keys')
    return {
      name: 'label-keys',
      columns: ['key', 'images', 'values'],
      pages: one(known.map(({ key, images, values }) => ({ key, images, values }))),
    }
  const query = finishedQuery(state.q)
  const keys = chosenKeys(state, query, known)
  return {
    name: 'labels',
    columns: ['registry', 'repository', 'tag', 'digest', ...keys.map(labelColumn)],
    pages: matrixPages({ query, visibility, now: Date.now() }, state.rows, keys, signal),
  }
}

async function* one(rows: readonly ExportRow[]) {
  yield rows
}

async function* matrixPages(
  search: { readonly query: Query; readonly visibility: Visibility; readonly now: number },
  rows: LabelsPageState['rows'],
  keys: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ExportRow[], void> {
  const database = reportDatabase(await theCatalogDatabase())
  if (rows === 'newest') {
    const { tags, unread } = await newestTags(database, search, keys)
    for (let at = 0; at < tags.length; at += AT_ONCE) {
      signal?.throwIfAborted()
      const ids = tags.slice(at, at + AT_ONCE).map(({ id }) => id)
      const found = await matrixRows(database, await readNewestTags(database, search, ids), keys)
      const rowOf = ({ tag, cells }: LabelMatrix['rows'][number]) => ({ ...tag, cells })
      yield rowsOf(found.map(rowOf), keys)
    }
    const notRead = Object.fromEntries(keys.map((key) => [labelColumn(key), [NOT_READ]]))
    yield unread.map(({ registry, name }) => ({ registry, repository: name, tag: null, digest: null, ...notRead }))
    return
  }
  for await (const found of readAhead(everyMatrixRow(database, search, keys, signal))) yield rowsOf(found, keys)
}

function rowsOf(rows: readonly MatrixRow[], keys: readonly string[]): readonly ExportRow[] {
  const columns = keys.map(labelColumn)
  return rows.map(({ registry, repository, tag, digest, cells }) => ({
    registry,
    repository,
    tag,
    digest,
    ...Object.fromEntries(columns.map((column, index) => [column, valuesOf(cells[index])])),
  }))
}

const NOT_READ = 'not read'

/** Empty where it is missing; by platform where they differ. */
function valuesOf(cell: LabelCell | undefined): readonly string[] {
  if (!cell || cell.state === 'missing') return []
  if (cell.state === 'unread') return [NOT_READ]
  if (cell.state === 'value') return [cell.value]
  return cell.platforms.map(
    ({ platform = 'unknown', values, isUnread }) =>
      `${platform}: ${values.join(', ') || (isUnread ? NOT_READ : 'missing')}`,
  )
}
