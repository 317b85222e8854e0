'use client'

import { Suspense, use } from 'react'
import { TableFrame, TableGroup, TableRow } from '@/components/ui/table'
import { useRowLinks } from '@/components/ui/use-row-links'
import type { TagPage } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import type { Place } from '@/lib/oci/place'
import { SettledTagRow } from './settled-tag-row'
import { type TagTableContext, type TagTableRow, tagColumns } from './tag-columns'
import { useCopyKey } from './use-copy-key'
import { useSelectKey } from './use-select-key'

interface TagListProps extends TagTableContext {
  rows: TagPage['rows']
  moving: number
  shared: TagPage['shared']
  /** Shown below the rows. */
  footer?: React.ReactNode
}

/**
 * The table of tags, rendered on the server and again here from plain data: a hundred rows as elements would be sent
 * twice, and weigh ten times as much.
 */
export function TagList({ rows, moving, shared, footer, ...context }: TagListProps) {
  const columns = tagColumns(context)
  const { place, from } = context
  const counted = 'then' in shared ? undefined : shared
  const onClick = useRowLinks()
  const onSelectKey = useSelectKey((index) => rows[index]?.tag)
  const onCopyKey = useCopyKey({ from, repository: place.repository }, (index) => {
    const row = rows[index]?.row
    return row && 'ok' in row && row.ok ? row.value : undefined
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and clicks of the controls inside it
    <div
      onClick={onClick}
      onKeyDown={(event) => {
        onCopyKey(event)
        onSelectKey(event)
      }}
    >
      <TableFrame name="tags" caption={`Tags of ${place.repository}`} columns={columns} footer={footer}>
        {withHeads(
          moving,
          columns.length,
          rows.map(({ tag, row }) =>
            'ok' in row ? (
              <SettledTagRow key={tag} place={place} columns={columns} row={{ tag, row, shared: counted }} />
            ) : (
              <Suspense key={tag} fallback={<TableRow columns={columns} row={{ tag }} />}>
                <LateTagRow place={place} tag={tag} promise={row} shared={shared} columns={columns} />
              </Suspense>
            ),
          ),
        )}
      </TableFrame>
    </div>
  )
}

/** With fewer rows, headings aren't needed. */
const MANY = 8

/** Labels rows that are outside the sort order, if there are many. */
function withHeads(moving: number, columns: number, rows: readonly React.ReactNode[]): React.ReactNode {
  if (moving === 0 || rows.length <= MANY) return rows
  return (
    <>
      <TableGroup columns={columns}>Moving tags</TableGroup>
      {rows.slice(0, moving)}
      <TableGroup columns={columns}>By version, newest first</TableGroup>
      {rows.slice(moving)}
    </>
  )
}

interface LateTagRowProps {
  place: Place
  tag: string
  promise: Promise<NonNullable<TagTableRow['row']>>
  shared: TagListProps['shared']
  columns: ReturnType<typeof tagColumns>
}

/** Its values as soon as they load; shared digests once the other rows have loaded too. */
function LateTagRow({ tag, promise, shared, ...props }: LateTagRowProps) {
  const row = use(promise)
  if (!('then' in shared)) return <SettledTagRow {...props} row={{ tag, row, shared }} />
  return (
    <Suspense fallback={<TableRow columns={props.columns} row={{ tag, row }} />}>
      <CountedTagRow {...props} tag={tag} row={row} counting={shared} />
    </Suspense>
  )
}

interface CountedTagRowProps extends Required<Pick<TagTableRow, 'tag' | 'row'>> {
  place: Place
  counting: Promise<SharedDigests>
  columns: ReturnType<typeof tagColumns>
}

function CountedTagRow({ tag, row, counting, ...props }: CountedTagRowProps) {
  return <SettledTagRow {...props} row={{ tag, row, shared: use(counting) }} />
}
