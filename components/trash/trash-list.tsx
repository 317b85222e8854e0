'use client'

import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { showUndone } from '@/components/change/show-undone'
import { Button } from '@/components/ui/button'
import { CheckOption } from '@/components/ui/check-option'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { TrashedItem } from '@/lib/data/trash/read-trash'
import type { RestoredOne } from '@/lib/data/trash/restore-many'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { listedTags } from '@/lib/format/listed-tags'
import { useMutation } from '@/lib/query/hooks'
import { restoreTrashedMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { TrashRow } from './trash-row'

/** Deleted and overwritten items, each with whether it can be restored right now; several can be restored at once. */
export function TrashList({ items }: { items: readonly TrashedItem[] }) {
  const router = useRouter()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const restorable = items.filter(({ mayRestore }) => mayRestore)
  const chosen = restorable.filter(({ change }) => ticked.has(change))
  const [failures, setFailures] = useState<readonly (RestoredOne & { ok: false })[]>([])
  const restore = useMutation({
    ...restoreTrashedMutation(),
    onSuccess: (outcomes) => {
      setFailures(showUndone(outcomes))
      setTicked(new Set())
      router.refresh()
    },
  })
  const tick = (changes: readonly string[], on: boolean) => {
    const next = new Set(ticked)
    for (const change of changes) on ? next.add(change) : next.delete(change)
    setTicked(next)
  }
  return (
    <>
      {restorable.length > 1 && (
        <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2 text-sm">
          <CheckOption
            checked={chosen.length === restorable.length}
            onChange={(on) =>
              tick(
                restorable.map(({ change }) => change),
                on,
              )
            }
          >
            Select all on this page
          </CheckOption>
          {chosen.length > 0 && (
            <Button
              disabled={restore.isPending}
              onClick={() =>
                restore.mutate({
                  changes: chosen.map(({ registry, repository, change }) => ({ registry, repository, change })),
                })
              }
            >
              <Undo2 aria-hidden />
              {restore.isPending ? 'Restoring…' : `Restore ${chosen.length} selected`}
            </Button>
          )}
        </div>
      )}
      {restore.error && <ProblemNotice problem={problemFrom(restore.error)} role="alert" className="mb-3" />}
      {failures.length > 0 && (
        <Notice tone="danger" role="alert" className="mb-3" title={`${plural(failures.length, 'change')} not undone`}>
          <ul>
            {failures.map(({ change, problem }) => (
              <li key={change} className="[overflow-wrap:anywhere]">
                {nameOf(items.find((item) => item.change === change))}
                {problem.detail}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <ul className="divide-y rounded-xl border bg-surface shadow-xs">
        {items.map((item) => (
          <TrashRow
            key={item.change}
            item={item}
            ticked={ticked.has(item.change)}
            onTick={restorable.length > 1 ? (on) => tick([item.change], on) : undefined}
          />
        ))}
      </ul>
    </>
  )
}

/** Someone else may have restored it meanwhile. */
function nameOf(item: TrashedItem | undefined): string {
  if (!item) return ''
  const { registry, repository, tags, digest } = item
  return `${registry}/${repository}${tags.length > 0 ? `: ${listedTags(tags)}` : `@${shortDigest(digest)}`}. `
}
