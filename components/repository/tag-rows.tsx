'use client'

import { Suspense, use, useMemo } from 'react'
import type { ChangeTarget } from '@/components/change/change-target'
import type { Attempt } from '@/lib/data/attempt'
import type { TagRow } from '@/lib/data/read-tags'
import { PendingTagRow, TagRowView } from './tag-row'

interface TagRowsProps {
  registry: string
  repository: string
  /** A row, or the promise of one that has not arrived yet. */
  rows: readonly { readonly tag: string; readonly row: Attempt<TagRow> | Promise<Attempt<TagRow>> }[]
  may: ChangeTarget['may']
}

/**
 * The rows of a table of tags, rendered on the server and again here from plain data: a hundred rows as elements would
 * be sent twice, and weigh ten times as much.
 */
export function TagRows({ rows, ...shared }: TagRowsProps) {
  const byDigest = useMemo(() => tagsByDigest(rows), [rows])
  const siblingsOf = (tag: string, row: Attempt<TagRow>) =>
    row.ok ? (byDigest.get(row.value.digest) ?? []).filter((sibling) => sibling !== tag) : []
  return rows.map(({ tag, row }) =>
    'ok' in row ? (
      <TagRowView key={tag} tag={tag} row={row} siblings={siblingsOf(tag, row)} {...shared} />
    ) : (
      <Suspense key={tag} fallback={<PendingTagRow tag={tag} {...shared} />}>
        <LateTagRow tag={tag} promise={row} {...shared} />
      </Suspense>
    ),
  )
}

type LateTagRowProps = Omit<TagRowsProps, 'rows'> & { tag: string; promise: Promise<Attempt<TagRow>> }

function LateTagRow({ promise, ...props }: LateTagRowProps) {
  return <TagRowView row={use(promise)} siblings={[]} {...props} />
}

function tagsByDigest(rows: TagRowsProps['rows']): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, string[]>()
  for (const { tag, row } of rows)
    if ('ok' in row && row.ok) tags.set(row.value.digest, [...(tags.get(row.value.digest) ?? []), tag])
  return tags
}
