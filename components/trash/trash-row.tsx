'use client'

import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { OverrideField } from '@/components/change/override-field'
import { Button } from '@/components/ui/button'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import { showToast } from '@/components/ui/toast'
import type { Restorable, TrashedItem } from '@/lib/data/trash/read-trash'
import { leftTagsText } from '@/lib/format/left-tags-text'
import { listedTags } from '@/lib/format/listed-tags'
import { useMutation } from '@/lib/query/hooks'
import { undoChangeMutation } from '@/lib/query/tags'
import { problemFrom } from '@/lib/query/unwrap'
import { auditHref, planHref, repositoryHref } from '@/lib/routes/href'
import { keptText } from './kept-text'
import { missingText } from './missing-text'

interface TrashRowProps {
  item: TrashedItem
  mayAudit: boolean
  /** Absent while the registry is asked. */
  state: Restorable | undefined
  /** Whether it can be restored, on its own or with others that are selected. */
  canTick: boolean
  ticked: boolean
  /** Absent where nothing is selected. */
  onTick: ((ticked: boolean) => void) | undefined
}

export function TrashRow({ item, mayAudit, state, canTick, ticked, onTick }: TrashRowProps) {
  const { registry, repository, change, tags, digest, what, replacement, at, by, plan, keptUntil, mayRestore } = item
  const router = useRouter()
  const [reason, setReason] = useState('')
  const name = tags.length === 0 ? 'Image' : listedTags(tags)
  const restore = useMutation({
    ...undoChangeMutation(),
    onSuccess: ({ tags: back, left }) => {
      const stay = left.length > 0 ? `. ${leftTagsText(left.map(({ tag }) => tag))}` : ''
      const title = `${back.length === 0 ? 'Image' : listedTags(back)} restored`
      showToast({ tone: 'good', title, description: `${repository} in ${registry}${stay}` })
      router.refresh()
    },
  })
  return (
    <li className="flex gap-3 px-4 py-3 text-sm">
      {onTick && (
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0"
          aria-label={`Select ${name}`}
          aria-describedby={`state-${change}`}
          disabled={!canTick}
          checked={ticked}
          onChange={({ target }) => onTick(target.checked)}
        />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
          <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
            <h2 className="font-medium">
              {name} <span className="font-normal text-muted">{what}</span>
            </h2>
            <p className="flex flex-wrap items-center gap-x-2 text-muted">
              <Link href={repositoryHref(item)}>
                {registry}/{repository}
              </Link>
              <Digest digest={digest} swatch />
              {replacement && (
                <>
                  → <Digest digest={replacement} swatch />
                </>
              )}
              <span>
                by {by === undefined ? 'someone who wasn’t signed in' : <SafeText text={by} />} <Time iso={at} />
              </span>
              {plan !== undefined && <Link href={planHref(plan)}>Part of a plan</Link>}
              {mayAudit && (
                <Link href={auditHref(`repo:${repository} digest:${digest.split(':').at(-1)?.slice(0, 12)}`)}>
                  Audit log
                </Link>
              )}
            </p>
            <p id={`state-${change}`} className="text-xs text-muted" role="status">
              {!state && 'Checking the registry…'}
              {state?.state === 'yes' && `${possibleText(tags, state.left)} ${keptText(keptUntil, Date.now())}`}
              {state?.state === 'unknown' && `Unknown: ${state.problem.title}`}
              {state?.state === 'taken' &&
                `Can’t be restored while ${listedTags(state.tags)} ${state.tags.length === 1 ? 'points' : 'point'} at another image.`}
              {state?.state === 'gone' &&
                (canTick ? (
                  'Can be restored together with the images that it lists, which are in the trash, too.'
                ) : (
                  <span className="text-danger">
                    Can’t be restored: garbage collection removed {missingText(state.missing)}
                  </span>
                ))}
              {state?.state === 'forgotten' && (
                <span className="text-danger">No longer in the trash: its time there is over.</span>
              )}
            </p>
          </div>
          {mayRestore && (
            <Button
              size="sm"
              aria-label={`Restore ${name}`}
              disabled={state?.state !== 'yes' || restore.isPending || restore.isSuccess}
              onClick={() => restore.mutate({ registry, repository, change, override: reason.trim() || undefined })}
            >
              <Undo2 aria-hidden />
              {restore.isPending ? 'Restoring…' : 'Restore'}
            </Button>
          )}
        </div>
        {restore.error && (
          <div className="mt-2 space-y-2">
            <ProblemNotice problem={problemFrom(restore.error)} role="alert" />
            <OverrideField problem={problemFrom(restore.error)} reason={reason} onChange={setReason} />
          </div>
        )}
      </div>
    </li>
  )
}

/** Tags that are in use again stay where they are. */
function possibleText(tags: readonly string[], left: readonly string[] = []): string {
  if (left.length === 0) return 'Can be restored right now.'
  const how = left.length === tags.length ? 'without a tag, by its digest only' : `without ${listedTags(left)}`
  return `Can be restored right now ${how}: ${leftTagsText(left)}`
}
