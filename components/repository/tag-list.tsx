'use client'

import { Suspense, use } from 'react'
import { TableFrame, TableRow } from '@/components/ui/table'
import { useRowLinks } from '@/components/ui/use-row-links'
import type { TagPage } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import { pullTexts } from './pull-texts'
import { SettledTagRow } from './settled-tag-row'
import { type TagTableContext, type TagTableRow, tagColumns } from './tag-columns'
import { useCopyKey } from './use-copy-key'
import { useSelectKey } from './use-select-key'

interface TagListProps extends TagTableContext {
  rows: TagPage['rows']
  shared: TagPage['shared']
  /** Shown below the rows. */
  footer?: React.ReactNode
}

/**
 * The table of tags, rendered on the server and again here from plain data: a hundred rows as elements would be sent
 * twice, and weigh ten times as much.
 */
export function TagList({ rows, shared, footer, ...context }: TagListProps) {
  const columns = tagColumns(context)
  const place = { registry: context.registry, repository: context.repository }
  const counted = 'then' in shared ? undefined : shared
  const onClick = useRowLinks()
  const onSelectKey = useSelectKey((index) => rows[index]?.tag)
  const onCopyKey = useCopyKey((index) => {
    const row = rows[index]?.row
    return row && 'ok' in row && row.ok ? pullTexts(context.from, context.repository, row.value).byDigest : undefined
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
      <TableFrame name="tags" caption={`Tags of ${context.repository}`} columns={columns} footer={footer}>
        {rows.map(({ tag, row }) =>
          'ok' in row ? (
            <SettledTagRow key={tag} {...place} columns={columns} row={{ tag, row, shared: counted }} />
          ) : (
            <Suspense key={tag} fallback={<TableRow columns={columns} row={{ tag }} />}>
              <LateTagRow {...place} tag={tag} promise={row} shared={shared} columns={columns} />
            </Suspense>
          ),
        )}
      </TableFrame>
    </div>
  )
}

type Place = Pick<TagTableContext, 'registry' | 'repository'>

interface LateTagRowProps extends Place {
  tag: string
  promise: Promise<NonNullable<TagTableRow['row']>>
  shared: TagListProps['shared']
  columns: ReturnType<typeof tagColumns>
}

/** Its values as soon as they are there; what it shares with other rows once those are there too. */
function LateTagRow({ tag, promise, shared, ...props }: LateTagRowProps) {
  const row = use(promise)
  if (!('then' in shared)) return <SettledTagRow {...props} row={{ tag, row, shared }} />
  return (
    <Suspense fallback={<TableRow columns={props.columns} row={{ tag, row }} />}>
      <CountedTagRow {...props} tag={tag} row={row} counting={shared} />
    </Suspense>
  )
}

type CountedTagRowProps = Place &
  Required<Pick<TagTableRow, 'tag' | 'row'>> & {
    counting: Promise<SharedDigests>
    columns: ReturnType<typeof tagColumns>
  }

function CountedTagRow({ tag, row, counting, ...props }: CountedTagRowProps) {
  return <SettledTagRow {...props} row={{ tag, row, shared: use(counting) }} />
}
