/** How wide a column is, and what happens to it when space runs out. */
export interface ColumnLayout {
  /** Unique in its table. */
  readonly id: string
  /** Rem, or a share of the whole such as `'28%'`; columns without one divide what is left. */
  readonly width?: number | `${number}%`
  /** Rem that a column without a fixed width keeps. */
  readonly min?: number
  /** When space runs out, columns are hidden by priority, highest number first. Without one, a column is always shown. */
  readonly priority?: number
  readonly align?: 'end'
  /** `name` identifies the row; `lead` and `trail` hold the controls at its ends. */
  readonly role?: 'lead' | 'name' | 'trail'
  /** In a stacked row: the word before the value, or `hidden`. */
  readonly stacked?: string | 'hidden'
  /** In a stacked row: takes a line of its own, or the rest of the line, so that what follows starts a line in every row. */
  readonly line?: 'own' | 'rest'
}

/** Rem of the column that identifies the row: it never gets narrower. */
export const NAME_MIN = 12
const VALUE_MIN = 8
/** Of a value in a stacked row: wide enough that no short value fits behind it. */
const LINES = { own: '1 0 100%', rest: '1 1 60%' } as const
const REM = 16

/** Pixels that a table needs before each column with a priority appears; below `stacked` its rows are stacks. */
export function breakpoints(columns: readonly ColumnLayout[]): { stacked: number; shown: ReadonlyMap<string, number> } {
  const visible = columns.filter((column) => column.priority === undefined)
  const stacked = widthFor(visible)
  const shown = new Map<string, number>()
  for (const column of columns.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))) {
    if (column.priority === undefined) continue
    visible.push(column)
    shown.set(column.id, widthFor(visible))
  }
  return { stacked, shown }
}

/**
 * The rules of one table: they name its columns by their place, so that no cell needs a class.
 * @param name the class is `table-<name>`
 */
export function tableStyle(name: string, columns: readonly ColumnLayout[]): string {
  const table = `.table-${name}`
  const { stacked, shown } = breakpoints(columns)
  const at = (id: string) => `:nth-child(${columns.findIndex((column) => column.id === id) + 1}):not(:only-child)`
  const cells = (id: string) => `${table} tr>${at(id)}`
  const rules = columns.flatMap(({ id, align, role, stacked: below, line }) => {
    const from = shown.get(id)
    return [
      align === 'end' && `${cells(id)}{text-align:end}`,
      from !== undefined && `@container table (width<${from}px){${cells(id)},${table} col${at(id)}{display:none}}`,
      `@container table (width<${stacked}px){${cells(id)}{${stackedCell(role, below)}${line ? `;flex:${LINES[line]}` : ''}${from === undefined ? '' : ';order:1'}}${
        below && below !== 'hidden'
          ? `${table} tbody>tr>${at(id)}:not(:empty)::before{content:"${below} ";color:var(--muted)}`
          : ''
      }}`,
    ]
  })
  return [
    ...rules,
    `@container table (width<${stacked}px){${table},${table}>thead,${table}>tbody{display:block}${table}>colgroup{display:none}${table} tr{display:flex;flex-wrap:wrap;position:relative;align-items:baseline;column-gap:.75rem;padding-block:.5rem;padding-inline:${inset(columns, 'lead')} ${inset(columns, 'trail')}}${table}>thead>tr{min-height:2.25rem}${table} tr>*{height:auto;padding:0;border:0}${table} td:empty{display:none}${table}${table}>thead th:not(:has(a,input)):not(:only-child){display:none}${table}>thead:not(:has(a,input)){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}`,
  ]
    .filter(Boolean)
    .join('\n')
}

/**
 * Pixels at which each of these columns has its minimum, as `table-layout: fixed` divides them: shares of the whole and
 * fixed widths first, and the rest equally between the columns without a width.
 */
function widthFor(columns: readonly ColumnLayout[]): number {
  const shares = columns.filter(isShare)
  const fixed = columns.filter(({ width }) => typeof width === 'number').reduce((sum, one) => sum + minimum(one), 0)
  const flexible = columns.filter(({ width }) => width === undefined).map(minimum)
  const rest = 1 - shares.reduce((sum, { width }) => sum + shareOf(width), 0)
  const others = (fixed + flexible.length * Math.max(0, ...flexible)) / rest
  return Math.ceil(Math.max(others, ...shares.map((column) => minimum(column) / shareOf(column.width))))
}

type Share = ColumnLayout & { readonly width: `${number}%` }

function isShare(column: ColumnLayout): column is Share {
  return typeof column.width === 'string'
}

function shareOf(width: Share['width']): number {
  return Number.parseFloat(width) / 100
}

function stackedCell(role: ColumnLayout['role'], below: string | undefined): string {
  switch (role) {
    case 'name':
      return 'flex:1 0 100%'
    case 'lead':
      return 'position:absolute;inset-inline-start:.5rem;top:.5rem'
    case 'trail':
      return 'position:absolute;inset-inline-end:.5rem;top:.375rem'
    case undefined:
      return below === 'hidden'
        ? 'display:none'
        : 'display:block;text-align:start;font-size:.75rem;line-height:1rem;max-width:100%'
  }
}

/** Space for the controls at one side of a stacked row. */
function inset(columns: readonly ColumnLayout[], role: 'lead' | 'trail'): string {
  const column = columns.find((each) => each.role === role)
  return typeof column?.width === 'number' ? `${column.width}rem` : '.75rem'
}

function minimum({ width, min, role }: ColumnLayout): number {
  return (typeof width === 'number' ? width : (min ?? (role === 'name' ? NAME_MIN : VALUE_MIN))) * REM
}
