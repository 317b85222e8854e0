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
import { useMutation, useQueries } from '@/lib/query/hooks'
import { restoreTrashedMutation, trashedQuery } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { neededBy, restorableTogether } from './restorable'
import { TrashRow } from './trash-row'

/** Deleted and overwritten items, each with whether it can be restored right now; several can be restored at once. */
export function TrashList({ items, mayAudit }: { items: readonly TrashedItem[]; mayAudit: boolean }) {
  const router = useRouter()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const answers = useQueries({ queries: items.map((item) => trashedQuery(item, item.change)) })
  const isChecking = answers.some(({ isPending }) => isPending)
  const states = new Map(items.flatMap(({ change }, at) => (answers[at]?.data ? [[change, answers[at].data]] : [])))
  const restorable = restorableTogether(items, states)
  // One whose platforms were deselected goes with them.
  const chosen = restorableTogether(
    items.filter(({ change }) => ticked.has(change)),
    states,
  )
  const [failures, setFailures] = useState<readonly (RestoredOne & { ok: false })[]>([])
  const restore = useMutation({
    ...restoreTrashedMutation(),
    onSuccess: (outcomes) => {
      setFailures(showUndone(outcomes))
      setTicked(new Set())
      router.refresh()
    },
  })
  const tick = (some: readonly TrashedItem[], on: boolean) => {
    const next = new Set(chosen.map(({ change }) => change))
    for (const item of some.flatMap((one) => (on ? [one, ...neededBy(one, items, states)] : [one])))
      on ? next.add(item.change) : next.delete(item.change)
    setTicked(next)
  }
  const isSelectable = items.filter(({ mayRestore }) => mayRestore).length > 1
  return (
    <>
      {isSelectable && (
        <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2 text-sm">
          <CheckOption
            checked={restorable.length > 0 && chosen.length === restorable.length}
            disabled={isChecking || restorable.length === 0}
            onChange={(on) => tick(restorable, on)}
          >
            {isChecking
              ? 'Select all that can be restored'
              : `Select all that can be restored: ${restorable.length} of ${items.length} on this page`}
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
            mayAudit={mayAudit}
            state={states.get(item.change)}
            canTick={restorable.includes(item)}
            ticked={chosen.includes(item)}
            onTick={isSelectable ? (on) => tick([item], on) : undefined}
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
