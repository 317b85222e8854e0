import { CircleCheck, CircleDashed, CircleSlash2, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { RefreshWhile } from '@/components/ui/refresh-while'
import { SafeText } from '@/components/ui/safe-text'
import type { RetentionRun } from '@/lib/data/retention/runs'
import { plural } from '@/lib/format/bytes'
import { formatMinute } from '@/lib/format/time'
import { auditHref } from '@/lib/routes/href'
import { RunPlans } from './run-plans'
import { shownRunState } from './shown-run-state'
import { undecidedText } from './undecided-text'

const STATES: Readonly<
  Record<ReturnType<typeof shownRunState>, { readonly Icon: LucideIcon; readonly text: string; readonly tone: string }>
> = {
  running: { Icon: CircleDashed, text: 'Running', tone: 'text-accent' },
  done: { Icon: CircleCheck, text: 'Done', tone: 'text-good' },
  stopped: { Icon: CircleSlash2, text: 'Stopped', tone: 'text-warn' },
  failed: { Icon: CircleX, text: 'Failed', tone: 'text-danger' },
  partly: { Icon: TriangleAlert, text: 'Partly done', tone: 'text-warn' },
}

/** The last runs of a policy: what they deleted, or why they didn't. */
export function RunList({ runs, mayAudit }: { runs: readonly RetentionRun[]; mayAudit: boolean }) {
  return (
    <section aria-labelledby="runs" className="rounded-xl border bg-surface shadow-xs">
      <h2 id="runs" className="border-b bg-sunken/60 px-4 py-2.5 text-sm font-semibold">
        Last runs
      </h2>
      <RefreshWhile isMoving={runs.some(({ state }) => state === 'running')} />
      {runs.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted">It hasn’t run yet.</p>
      ) : (
        <ol className="divide-y text-sm">
          {runs.map((run) => (
            <Run key={run.id} run={run} mayAudit={mayAudit} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Run({ run, mayAudit }: { run: RetentionRun; mayAudit: boolean }) {
  const { startedAt, by, deleted, undecided = 0, plans, problem, job } = run
  const { Icon, text, tone } = STATES[shownRunState(run)]
  return (
    <li className="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5">
      <time dateTime={startedAt} className="text-muted tabular">
        {formatMinute(startedAt)}
      </time>
      <div className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
        <p className="flex items-center gap-1.5">
          <Icon aria-hidden className={`size-4 shrink-0 ${tone}`} />
          <span className="font-medium">{text}</span>
          {by !== undefined && (
            <span className="text-muted">
              started by <SafeText text={by} />
            </span>
          )}
        </p>
        {problem && (
          <p className="text-xs text-muted">
            {problem.detail} {problem.advice}
          </p>
        )}
        {undecided > 0 && <p className="text-xs text-warn">{undecidedText(undecided)}</p>}
        <RunPlans plans={plans} />
      </div>
      <span className="text-end">
        <span className="block tabular">{plural(deleted, 'tag')} deleted</span>
        {job !== undefined && mayAudit && (
          <Link href={auditHref(`job:${job}`)} className="text-xs text-muted underline-offset-2 hover:underline">
            Audit log
          </Link>
        )}
      </span>
    </li>
  )
}
