import { Panel } from './panel'
import { Skeleton } from './skeleton'
import { type ColumnLayout, tableStyle } from './table-style'

/** A column as data: everything a table knows about it. */
export interface Column<Row> extends ColumnLayout {
  readonly head: React.ReactNode
  readonly sorted?: 'ascending' | 'descending' | undefined
  /** The value for a row; `undefined` while it is loading. */
  readonly cell: (row: Row) => React.ReactNode
  /** Rem: the width of the placeholder while the value is loading. */
  readonly skeleton?: number
}

interface TableFrameProps<Row> {
  /** Names its styles: tables of one name have the same columns. */
  readonly name: string
  /** Read by screen readers. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  /** Its rows: `TableRow` and `TableGroup`. */
  readonly children: React.ReactNode
  /** Shown below the rows, in the same panel. */
  readonly footer?: React.ReactNode
  /** Values of several lines: rows are as high as they need, and start on one line. */
  readonly isText?: boolean
}

interface TableProps<Row> extends Omit<TableFrameProps<Row>, 'children'> {
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row, index: number) => string | number
  readonly isSelected?: (row: Row) => boolean
}

/**
 * A table that adapts to the width of its container, not of the screen. If that is too narrow for the columns that are
 * always shown, each row becomes a stack with the name on top.
 */
export function Table<Row>({ rows, rowKey, isSelected, ...frame }: TableProps<Row>) {
  return (
    <TableFrame {...frame}>
      {rows.map((row, index) => (
        <TableRow key={rowKey(row, index)} columns={frame.columns} row={row} selected={isSelected?.(row)} />
      ))}
    </TableFrame>
  )
}

/** A table whose rows arrive in some other way than as a list. */
export function TableFrame<Row>({ name, caption, columns, children, footer, isText }: TableFrameProps<Row>) {
  return (
    <Panel className="table-panel">
      <style href={`table-${name}`} precedence="table">
        {tableStyle(name, columns)}
      </style>
      <table className={`table table-${name}${isText ? ' text-rows' : ''}`}>
        <caption className="sr-only">{caption}</caption>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? undefined : { width: lengthOf(width) }} />
          ))}
          {columns.map(({ id, priority }) => priority !== undefined && <col key={`${id} hidden`} className="spare" />)}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ id, head, sorted }) => (
              <th key={id} scope="col" aria-sort={sorted}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-results="">{children}</tbody>
      </table>
      {footer}
    </Panel>
  )
}

interface TableRowProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly row: Row
  readonly selected?: boolean | undefined
}

export function TableRow<Row>({ columns, row, selected }: TableRowProps<Row>) {
  return (
    <tr data-selected={selected || undefined}>
      {columns.map((column) =>
        column.role === 'name' ? (
          <th key={column.id} scope="row">
            {contentOf(column, row)}
          </th>
        ) : (
          <td key={column.id}>{contentOf(column, row)}</td>
        ),
      )}
    </tr>
  )
}

function contentOf<Row>({ cell, skeleton }: Column<Row>, row: Row): React.ReactNode {
  const value = cell(row)
  return value === undefined && skeleton ? <Skeleton width={skeleton} /> : value
}

/** A heading over the rows that follow it. */
export function TableGroup({ columns, children }: { columns: number; children: React.ReactNode }) {
  return (
    <tr data-group="">
      <th colSpan={columns} scope="colgroup">
        {children}
      </th>
    </tr>
  )
}

function lengthOf(width: number | string): string {
  return typeof width === 'number' ? `${width}rem` : width
}
