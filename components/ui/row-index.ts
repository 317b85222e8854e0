/** A row's place among those with values, from 0: headings between them don't count. */
export function rowIndex(row: HTMLTableRowElement): number {
  const rows = row.parentElement?.querySelectorAll<HTMLTableRowElement>(':scope > tr:not([data-group])') ?? []
  return [...rows].indexOf(row)
}
