import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import type { JobView } from '@/lib/data/jobs/jobs'
import { formatBytes, formatCount, plural } from '@/lib/format/bytes'
import { formatSecond } from '@/lib/format/time'
import { isStarting, jobState } from './job-state'
import { syncFigures } from './sync-figures'

/** A job's progress, and its outcome once it has ended. */
export function JobProgress({ job, isExplained = false }: { job: JobView; isExplained?: boolean }) {
  const { progress, state, kind } = job
  const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : undefined
  const isOver = state === 'failed' || state === 'cancelled'
  return (
    <div className="min-w-0 space-y-2 text-sm">
      {state !== 'done' && !(isOver && share === undefined) && (
        <progress
          aria-label={KINDS[kind].done}
          value={share}
          max={1}
          className={cn(BAR, isOver ? 'text-faint' : 'text-accent')}
        />
      )}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted" role="status">
        <StateBadge job={job} />
        <span className="tabular">{isStarting(job) ? 'Starting' : KINDS[kind].figures(job)}</span>
        {state === 'running' && progress.held && Date.parse(progress.held.until) > Date.now() && (
          <span className="text-warn" suppressHydrationWarning>
            {progress.held.registry} is limiting requests until {formatSecond(progress.held.until)}
          </span>
        )}
      </p>
      {job.problem && !isExplained && <ProblemNotice problem={job.problem} />}
      {job.items.length > 0 && state !== 'running' && <Outcome job={job} />}
    </div>
  )
}

const BAR =
  'block h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-current [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-current'

const KINDS: Readonly<Record<JobView['kind'], { readonly done: string; readonly figures: (job: JobView) => string }>> =
  {
    copy: { done: 'Copied', figures: copyFigures },
    'copy-tags': { done: 'Copied', figures: copyTagsFigures },
    check: { done: 'Checked', figures: checkFigures },
    settle: { done: 'Recovered', figures: settleFigures },
    sync: { done: 'Synced', figures: syncFigures },
    plan: { done: 'Done', figures: planFigures },
    retention: { done: 'Done', figures: retentionFigures },
  }

function StateBadge({ job }: { job: JobView }) {
  const { text, tone } = jobState(job)
  return <Badge tone={tone}>{text}</Badge>
}

/** Bytes by how they got there: mounted and existing ones weren't transferred. */
function copyFigures({ progress, state }: JobView): string {
  const { sent = 0, mounted = 0, skipped = 0, blobs = 0, totalBlobs = 0 } = progress.counts
  if (state === 'queued') return 'Waiting for other jobs'
  const ways = [
    { bytes: Math.max(0, sent), text: 'sent' },
    { bytes: mounted, text: 'mounted' },
    { bytes: skipped, text: 'already there' },
  ]
  const parts = ways.flatMap(({ bytes, text }) => (bytes > 0 ? `${formatBytes(bytes)} ${text}` : []))
  return [
    `${formatBytes(progress.done)} of ${formatBytes(progress.total)}`,
    ...parts,
    `${formatCount(blobs)} of ${plural(totalBlobs, 'blob')}`,
  ].join(' · ')
}

function copyTagsFigures({ progress, state }: JobView): string {
  if (state === 'queued') return 'Waiting for other jobs'
  const { copied = 0, there = 0, kept = 0, failed = 0, sent = 0 } = progress.counts
  return [
    `${formatCount(progress.done)} of ${plural(progress.total, 'tag')}`,
    `${formatCount(copied)} copied`,
    ...(there > 0 ? [`${formatCount(there)} already there`] : []),
    ...(kept > 0 ? [`${formatCount(kept)} kept unchanged`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(sent > 0 ? [`${formatBytes(sent)} sent`] : []),
  ].join(' · ')
}

function checkFigures({ progress, state }: JobView): string {
  if (state === 'queued') return 'Waiting for other jobs'
  return `${plural(progress.counts.contents ?? 0, 'item')} read, ${formatBytes(progress.done)}`
}

function retentionFigures({ state, runState }: JobView): string {
  if (state === 'queued') return 'Waiting for another run'
  if (runState === 'stopped') return 'Nothing was deleted'
  if (runState === 'failed') return 'What it had deleted, if anything, is under the policy’s last runs'
  return state === 'running' ? 'Evaluating, then deleting' : 'What it deleted is under the policy’s last runs'
}

function planFigures({ progress, plan, state }: JobView): string {
  if (state === 'queued') return 'Waiting for its turn'
  const { done, total, counts } = progress
  const { failed = 0 } = counts
  const work = { undo: ' restored', check: ' checked', delete: '' }[plan?.work ?? 'delete']
  return [
    `${formatCount(done - failed)} of ${plural(total, 'image')}${work}`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ].join(' · ')
}

/** An interrupted change: it has no steps, only an end. */
function settleFigures({ state }: JobView): string {
  if (state === 'queued') return 'Waiting until the registry responds and Lading may write to it'
  return state === 'running' ? 'Comparing an interrupted change with the registry' : 'An interrupted change'
}

function Outcome({ job }: { job: JobView }) {
  return (
    <ul className="divide-y rounded-lg border text-sm">
      {job.items.map(({ name, outcome, detail }) => (
        <li key={`${name} ${outcome}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
          <Badge tone={TONES[outcome] ?? 'neutral'}>{outcome}</Badge>
          <span className="mono min-w-0 break-all">{name}</span>
          {detail?.startsWith('sha') ? (
            <Digest digest={detail} swatch />
          ) : (
            detail && <SafeText text={detail} className="text-muted" />
          )}
        </li>
      ))}
    </ul>
  )
}

const TONES: Readonly<Record<string, 'good' | 'danger' | 'warn'>> = {
  copied: 'good',
  complete: 'good',
  missing: 'danger',
  corrupt: 'danger',
  skipped: 'warn',
  kept: 'warn',
  failed: 'danger',
}
