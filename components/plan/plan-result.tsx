'use client'

import { ShieldAlert, ShieldCheck, Undo2 } from 'lucide-react'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { Undoable } from '@/lib/data/plans/check-undo'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { planCount } from '@/lib/format/plan-unit'
import { useQuery } from '@/lib/query/hooks'
import { undoableQuery } from '@/lib/query/plans'
import { hasRestored, labelText, stillThereText } from './plan-words'

/** What was found once a run had ended, and what an undo would put back. */
export function PlanResult({ page }: { page: PlanPage }) {
  const { plan, counts, may } = page
  return (
    <div className="mb-4 grid items-start gap-4 lg:grid-cols-2">
      {plan.verified && !hasRestored(page) && <Verified verified={plan.verified} registry={plan.registry} />}
      {may.undo && planCount(plan.work, counts.undoable) > 0 && <Undo page={page} />}
    </div>
  )
}

type Verification = NonNullable<PlanPage['plan']['verified']>

function Verified({ verified, registry }: { verified: Verification; registry: string }) {
  const { at, gone, tagged, kept, unexpected, unexpectedCount, problem } = verified
  const isGood = !problem && unexpectedCount === 0
  const Icon = isGood ? ShieldCheck : ShieldAlert
  return (
    <section aria-labelledby="verified" className={CARD}>
      <h2 id="verified" className={HEAD}>
        <Icon aria-hidden className={`size-4 ${isGood ? 'text-good' : 'text-warn'}`} />
        {problem ? 'Not verified' : isGood ? 'Verified' : 'Verified, with differences'}
        <span className="font-normal text-muted">
          against {registry} <Time iso={at} />
        </span>
      </h2>
      {problem ? (
        <p className="px-4 py-3 text-sm">{problem.detail}</p>
      ) : (
        <dl className={FACTS}>
          <div>
            {tagged === undefined ? (
              <>
                <dt>Deleted</dt>
                <dd>
                  {gone.tags > 0 && `${plural(gone.tags, 'tag')} and `}
                  {plural(gone.images, 'image')}
                </dd>
              </>
            ) : (
              <>
                <dt>Tagged</dt>
                <dd>{plural(tagged, 'tag')}</dd>
              </>
            )}
          </div>
          <div>
            <dt>Still there</dt>
            <dd>{stillThereText(kept, gone.tags > 0)}</dd>
          </div>
          <div>
            <dt>Unexpected</dt>
            <dd>
              {unexpectedCount === 0 ? (
                'nothing'
              ) : (
                <ul className="[overflow-wrap:anywhere]">
                  {unexpected.map(({ tag, was, now }) => (
                    <li key={tag}>
                      <SafeText text={tag} className="font-medium" />{' '}
                      {now === undefined
                        ? `is missing, was on ${shortDigest(was ?? '')}`
                        : was === undefined
                          ? `is there again, on ${shortDigest(now)}`
                          : `points at ${shortDigest(now)}, was on ${shortDigest(was)}`}
                    </li>
                  ))}
                  {unexpectedCount > unexpected.length && (
                    <li>and {formatCount(unexpectedCount - unexpected.length)} more</li>
                  )}
                </ul>
              )}
            </dd>
          </div>
        </dl>
      )}
    </section>
  )
}

function Undo({ page: { plan, counts, undoUntil } }: { page: PlanPage }) {
  const { tags, images } = counts.undoable
  const { data, error } = useQuery(undoableQuery(plan.id))
  return (
    <section aria-labelledby="undo" className={CARD}>
      <h2 id="undo" className={HEAD}>
        <Undo2 aria-hidden className="size-4 text-accent" />
        Undo
        <span className="font-normal text-muted">one step for the whole batch</span>
      </h2>
      <dl className={FACTS}>
        <div>
          <dt>{plan.work === 'label' ? 'Removes' : 'Restores'}</dt>
          <dd className="[overflow-wrap:anywhere]">
            {plan.work === 'label' ? (
              <SafeText
                text={`${labelText(plan)} from ${plural(images, 'image')}${plan.label?.publish ? '; what was published in the registry stays' : ''}`}
              />
            ) : (
              `${plan.work === 'untagged' ? plural(images, 'image') : `${plural(tags, 'tag')} on ${plural(images, 'image')}`}, same digests`
            )}
          </dd>
        </div>
        <div>
          <dt>Possible now</dt>
          <dd className="[overflow-wrap:anywhere]">
            <span role="status">
              {error ? 'unknown' : !data ? 'checking the registry…' : plan.work === 'label' ? 'yes' : possible(data)}
            </span>
          </dd>
        </div>
        {undoUntil && (
          <div>
            <dt>Until</dt>
            <dd>{undoUntil.slice(0, 10)}, or until the registry collects garbage</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function possible({ images, checked, lost, taken, problem }: Undoable): string {
  if (problem) return `unknown: ${problem.title}`
  const [first] = lost
  if (first)
    return `not all: ${plural(lost.length, 'image')} ${lost.length === 1 ? 'lacks' : 'lack'} layers, starting with ${first.name}`
  const [used] = taken
  if (used)
    return `yes, but ${plural(taken.length, 'image')} ${taken.length === 1 ? 'has' : 'have'} tags that point at other images now and stay there, starting with ${used}`
  if (checked < images) return `yes, as far as checked: ${formatCount(checked)} of ${formatCount(images)} images`
  return 'yes, every layer is still there and no tag is in use again'
}

const CARD = 'rounded-xl border bg-surface shadow-xs'
const HEAD = 'flex flex-wrap items-center gap-x-2 border-b px-4 py-2.5 text-sm font-semibold'
const FACTS =
  'divide-y text-sm [&>div]:grid [&>div]:grid-cols-[7.5rem_1fr] [&>div]:gap-3 [&>div]:px-4 [&>div]:py-2 [&_dt]:text-muted'
