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
  /** A promise while rows are: nothing is counted before all of them are there. */
  shared: SharedDigests | Promise<SharedDigests>
  isByTime: boolean
  may: ChangeTarget['may']
}

/**
 * The rows of a table of tags, rendered on the server and again here from plain data: a hundred rows as elements would
 * be sent twice, and weigh ten times as much.
 */
export function TagRows({ rows, shared, ...common }: TagRowsProps) {
  const counted = 'then' in shared ? UNCOUNTED : shared
  return rows.map(({ tag, row }) =>
    'ok' in row ? (
      <TagRowView key={tag} tag={tag} row={row} shared={counted} {...common} />
    ) : (
      <Suspense key={tag} fallback={<PendingTagRow tag={tag} {...common} />}>
        <LateTagRow tag={tag} promise={row} shared={shared} {...common} />
      </Suspense>
    ),
  )
}

const UNCOUNTED: SharedDigests = { among: 'page', isLowerBound: true, byDigest: {} }

type LateTagRowProps = Omit<TagRowsProps, 'rows'> & { tag: string; promise: Promise<Attempt<TagRow>> }

function LateTagRow({ promise, shared, ...props }: LateTagRowProps) {
  const row = use(promise)
  if (!('then' in shared)) return <TagRowView row={row} shared={shared} {...props} />
  return (
    <Suspense fallback={<TagRowView row={row} shared={UNCOUNTED} {...props} />}>
      <CountedTagRow row={row} counting={shared} {...props} />
    </Suspense>
  )
}

type CountedTagRowProps = Omit<LateTagRowProps, 'promise' | 'shared'> & {
  row: Attempt<TagRow>
  counting: Promise<SharedDigests>
}

function CountedTagRow({ counting, ...props }: CountedTagRowProps) {
  return <TagRowView shared={use(counting)} {...props} />
}
