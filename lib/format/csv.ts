/** A table as CSV (RFC 4180). */
export function toCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return csvRows([head, ...rows])
}

/** Rows without a head, for what is written some rows at a time: written by hand, as exports have millions. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  let text = ''
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) text += `${at === 0 ? '' : ','}${cellOf(row[at] as string)}`
    text += '\n'
  }
  return text
}

/** A spreadsheet would run what begins like a formula, also in full-width letters (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const QUOTED = /[",\n\r]/

function cellOf(cell: string): string {
  const defused = FORMULA.test(cell) ? `'${cell}` : cell
  return QUOTED.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused
}
