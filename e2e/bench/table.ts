import { cpus, loadavg } from 'node:os'

/** One line of the table. */
export interface Row {
  readonly name: string
  readonly value: number
  /** Empty for a count. */
  readonly unit: 'ms' | 'KB' | 'MB/s' | 'MiB' | 'per s' | ''
  /** The same work by the perfect client, in this run. */
  readonly limit?: number
  readonly target: Target
}

export type Target =
  /** At most `factor` times the limit, and `plus` more. */
  | { readonly kind: 'ratio'; readonly factor: number; readonly plus?: number }
  | { readonly kind: 'at-most'; readonly value: number }
  | { readonly kind: 'at-least'; readonly value: number }
  /** At least `factor` of the limit: for rates. */
  | { readonly kind: 'at-least-ratio'; readonly factor: number }

export function meets({ value, limit = Number.NaN, target }: Row): boolean {
  switch (target.kind) {
    case 'ratio':
      return value <= limit * target.factor + (target.plus ?? 0)
    case 'at-most':
      return value <= target.value
    case 'at-least':
      return value >= target.value
    case 'at-least-ratio':
      return value >= limit * target.factor
  }
}

export function printTable(rows: readonly Row[]): void {
  const header = ['', 'median', 'limit', 'ratio', 'target', 'verdict']
  const lines = rows.map((row) => [
    row.name,
    `${rounded(row.value)} ${row.unit}`,
    row.limit === undefined ? '' : `${rounded(row.limit)} ${row.unit}`,
    row.limit === undefined ? '' : (row.value / row.limit).toFixed(2),
    targetText(row),
    meets(row) ? 'met' : 'MISSED',
  ])
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)))
  const print = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(`| ${padded.join(' | ')} |`)
  }
  print(header)
  print(widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  for (const line of lines) print(line)
}

/** Timings mean little without it. */
export function machine(): string {
  const [one = 0, five = 0] = loadavg()
  const [cpu] = cpus()
  return `${cpus().length} cores (${cpu?.model.trim()}), load ${one.toFixed(2)} over 1 min, ${five.toFixed(2)} over 5 min`
}

function targetText({ limit, target, unit }: Row): string {
  switch (target.kind) {
    case 'ratio': {
      const plus = target.plus ? ` + ${target.plus} ${unit}` : ''
      const bound = limit === undefined ? '' : ` = ${rounded(limit * target.factor + (target.plus ?? 0))}`
      return `≤ ${target.factor} ×${plus}${bound}`
    }
    case 'at-most':
      return `≤ ${target.value} ${unit}`
    case 'at-least':
      return `≥ ${target.value} ${unit}`
    case 'at-least-ratio':
      return `≥ ${target.factor} ×`
  }
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}
