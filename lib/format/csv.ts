import { stringify } from 'csv-stringify/sync'

/** A table as CSV (RFC 4180). */
export function toCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return csvRows([head, ...rows])
}

/** Rows without a head, for what is written some rows at a time. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  return stringify(rows.map((row) => row.map(defused)))
}

/** A spreadsheet would run what begins like a formula (OWASP, "CSV Injection"). */
function defused(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}
