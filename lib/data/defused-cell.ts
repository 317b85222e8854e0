/** A cell of a CSV file: a spreadsheet would run what begins like a formula (OWASP, "CSV Injection"). */
export function defusedCell(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}
