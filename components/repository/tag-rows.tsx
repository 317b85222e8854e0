'use client'

import { Suspense, use } from 'react'
import type { ChangeTarget } from '@/components/change/change-target'
import type { TagRow } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import type { Attempt } from '@/lib/problem/attempt'
import { PendingTagRow, TagRowView } from './tag-row'

interface TagRowsProps {
  registry: string
  repository: string
  /** A row, or the promise of one that has not arrived yet. */
  rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> | Promise<Attempt<TagRow>> }[]
  shared: SharedDigests
  isByTime: boolean
  may: ChangeTarget['may']
}

/**
 * The rows of a table of tags, rendered on the server and again here from plain data: a hundred rows as elements would
 * be sent twice, and weigh ten times as much.
 */
export function TagRows({ rows, ...common }: TagRowsProps) {
  return rows.map(({ tag, row }) =>
    'ok' in row ? (
      <TagRowView key={tag} tag={tag} row={row} {...common} />
    ) : (
      <Suspense key={tag} fallback={<PendingTagRow tag={tag} {...common} />}>
        <LateTagRow tag={tag} promise={row} {...common} />
      </Suspense>
    ),
  )
}

type LateTagRowProps = Omit<TagRowsProps, 'rows'> & { tag: string; promise: Promise<Attempt<TagRow>> }

function LateTagRow({ promise, ...props }: LateTagRowProps) {
  return <TagRowView row={use(promise)} {...props} />
}
