import { csvRows } from '../../format/csv.ts'

export const EXPORT_FORMATS = ['csv', 'ndjson', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A row by column. Lists are one cell of CSV, with a semicolon between them. */
export type ExportRow = Readonly<Record<string, string | number | readonly string[] | null>>

/** Rows as text, in batches: read only as fast as they are sent. */
export async function* exportText(
  format: ExportFormat,
  columns: readonly string[],
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string, void> {
  if (format === 'csv') yield csvRows([columns])
  if (format === 'json') yield '['
  let isFirst = true
  for await (const rows of pages) {
    if (rows.length === 0) continue
    if (format === 'csv') yield csvRows(rows.map((row) => columns.map((column) => cellOf(row[column]))))
    else if (format === 'ndjson') yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    else yield `${isFirst ? '\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`
    isFirst = false
  }
  if (format === 'json') yield '\n]\n'
}

function cellOf(value: ExportRow[string] | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? value.join('; ') : String(value)
}
