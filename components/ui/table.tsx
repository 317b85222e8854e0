import { Panel } from './panel'
import { Skeleton } from './skeleton'
import { type ColumnLayout, tableStyle } from './table-style'

/** A column as data: everything a table knows of it stands here. */
export interface Column<Row> extends ColumnLayout {
  readonly head: React.ReactNode
  readonly sorted?: 'ascending' | 'descending' | undefined
  /** The value of a row; `undefined` while it is on its way. */
  readonly cell: (row: Row) => React.ReactNode
  /** Rem of what holds the place of a value that is on its way. */
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
  /** What stands below the rows, in the same panel. */
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
 * Rows of values under the heads of their columns. It sizes itself by the room that it has, not by the screen's; where
 * that is too little for the columns that have to stay, each row is a stack with the name at its top.
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
