'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { OverrideField } from '@/components/change/override-field'
import { Undone } from '@/components/change/undone'
import { Button } from '@/components/ui/button'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { TrashedItem } from '@/lib/data/trash/read-trash'
import { listedTags } from '@/lib/format/listed-tags'
import { trashedQuery, undoChangeMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { auditHref, pathHref } from '@/lib/routes/href'

/** What was taken away, each with whether it can be restored right now. */
export function TrashList({ items }: { items: readonly TrashedItem[] }) {
  return (
    <ul className="divide-y rounded-xl border bg-surface shadow-xs">
      {items.map((item) => (
        <Item key={item.change} item={item} />
      ))}
    </ul>
  )
}

function Item({ item }: { item: TrashedItem }) {
  const { registry, repository, change, tags, digest, what, replacement, at, mayRestore } = item
  const router = useRouter()
  const [reason, setReason] = useState('')
  const state = useQuery(trashedQuery(registry, repository, change))
  const restore = useMutation({ ...undoChangeMutation(), onSuccess: () => router.refresh() })
  const name = tags.length === 0 ? 'Image' : listedTags(tags)
  return (
    <li className="px-4 py-3 text-sm">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72 [overflow-wrap:anywhere]">
          <h2 className="font-medium">
            {name} <span className="font-normal text-muted">{what}</span>
          </h2>
          <p className="flex flex-wrap items-center gap-x-2 text-muted">
            <Link href={pathHref(registry, repository)}>
              {registry}/{repository}
            </Link>
            <Digest digest={digest} swatch />
            {replacement && (
              <>
                → <Digest digest={replacement} swatch />
              </>
            )}
            <Time iso={at} />
            <Link href={auditHref(`repo:${repository} digest:${digest.split(':').at(-1)?.slice(0, 12)}`)}>
              Who did this
            </Link>
          </p>
          <p className="text-xs text-muted" role="status">
            {state.isPending && 'Checking the registry…'}
            {state.data?.state === 'yes' && 'Can be restored right now'}
            {state.data?.state === 'unknown' && `Unknown: ${state.data.problem.title}`}
            {state.data?.state === 'gone' && (
              <span className="text-danger">
                Can’t be restored: garbage collection removed {state.data.missing.join(', ') || 'its content'}
              </span>
            )}
          </p>
        </div>
        {mayRestore && !restore.data && (
          <Button
            aria-label={`Restore ${name}`}
            disabled={state.data?.state !== 'yes' || restore.isPending}
            onClick={() => restore.mutate({ registry, repository, change, override: reason.trim() || undefined })}
          >
            <Undo2 aria-hidden />
            {restore.isPending ? 'Restoring…' : 'Restore'}
          </Button>
        )}
      </div>
      {restore.data && <Undone undone={restore.data} />}
      {restore.error && (
        <div className="mt-2 space-y-2">
          <ProblemNotice problem={problemFrom(restore.error)} role="alert" />
          <OverrideField problem={problemFrom(restore.error)} reason={reason} onChange={setReason} />
        </div>
      )}
    </li>
  )
}
