import { Table } from '@/components/ui/table'
import { ChangeMark } from './change-mark'

export interface SidesRow {
  readonly key: string
  readonly state: React.ComponentProps<typeof ChangeMark>['state']
  readonly name: React.ReactNode
  readonly before: React.ReactNode
  readonly after: React.ReactNode
  readonly isSelected?: boolean
}

interface SidesTableProps {
  /** The head of the column that names the rows. */
  name: string
  caption: string
  rows: readonly SidesRow[]
}

/** Values of both sides under the name that they have on each. */
export function SidesTable({ name, caption, rows }: SidesTableProps) {
  return (
    <Table
      name="sides"
      caption={caption}
      isText
      rows={rows}
      rowKey={({ key }) => key}
      isSelected={({ isSelected }) => isSelected === true}
      columns={[
        {
          id: 'state',
          role: 'lead',
          width: 2.5,
          head: <span className="sr-only">Change</span>,
          cell: ({ state }) => <ChangeMark state={state} />,
        },
        { id: 'name', role: 'name', width: '28%', head: name, cell: (row) => row.name },
        { id: 'before', head: 'Before', stacked: 'Before', cell: ({ before }) => before ?? NOTHING },
        { id: 'after', head: 'After', stacked: 'After', cell: ({ after }) => after ?? NOTHING },
      ]}
    />
  )
}

const NOTHING = <span className="unknown">–</span>
