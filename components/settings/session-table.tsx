import { Badge } from '@/components/ui/badge'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { SessionView } from '@/lib/data/settings/sessions'
import { EndSession } from './end-session'

/** Sessions, the last used first. */
export function SessionTable({ sessions, hasUsers }: { sessions: readonly SessionView[]; hasUsers: boolean }) {
  return (
    <Table
      name={hasUsers ? 'all-sessions' : 'sessions'}
      caption="Sessions"
      columns={hasUsers ? [USER, ...COLUMNS] : COLUMNS}
      rows={sessions}
      rowKey={({ id }) => id}
      footer={
        sessions.length === 0 && (
          <p className="px-4 py-10 text-center text-sm text-muted">
            No sessions to list. Sessions that started while the database was down aren’t recorded.
          </p>
        )
      }
    />
  )
}

const USER: Column<SessionView> = {
  id: 'user',
  width: 9,
  head: 'User',
  cell: ({ username }) => <SafeText text={username} />,
}

const COLUMNS: readonly Column<SessionView>[] = [
  {
    id: 'browser',
    role: 'name',
    head: 'Browser',
    cell: ({ browser, isCurrent }) => (
      <span className="flex flex-wrap items-center gap-2">
        <SafeText text={browser} />
        {isCurrent && <Badge tone="accent">this session</Badge>}
      </span>
    ),
  },
  { id: 'address', width: 10, head: 'Address', stacked: 'from', cell: ({ address }) => <SafeText text={address} /> },
  { id: 'way', width: 9, priority: 2, head: 'Signed in by', cell: ({ way }) => <SafeText text={way} /> },
  { id: 'since', width: 8, priority: 1, head: 'Since', stacked: 'since', cell: ({ began }) => <Time iso={began} /> },
  { id: 'seen', width: 8, head: 'Last seen', stacked: 'last seen', cell: ({ seen }) => <Time iso={seen} /> },
  {
    id: 'end',
    role: 'trail',
    width: 6,
    head: <span className="sr-only">End</span>,
    cell: ({ id, browser, username, isCurrent }) =>
      !isCurrent && <EndSession id={id} name={`${browser} of ${username}`} />,
  },
]
