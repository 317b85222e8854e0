import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { PolicyOverview } from '@/lib/data/retention/read-overview'
import { plural } from '@/lib/format/bytes'
import { formatMinute } from '@/lib/format/time'
import { retentionHref } from '@/lib/routes/href'
import { ruleText, scheduleText } from './rule-words'
import { shownRunState } from './shown-run-state'

const LAST: Readonly<Record<ReturnType<typeof shownRunState>, string>> = {
  running: 'running now',
  done: 'done',
  partly: 'partly done',
  stopped: 'stopped at its limit',
  failed: 'failed',
}

/** Every policy in words, with its schedule and its last run. */
export function PolicyList({ policies }: { policies: readonly PolicyOverview[] }) {
  return (
    <ul className="divide-y rounded-xl border bg-surface shadow-xs">
      {policies.map(({ policy: { id, name, scope, rules, schedule, nextRunAt }, lastRun }) => (
        <li key={id} className="flex flex-wrap gap-x-6 gap-y-2 px-4 py-3 text-sm">
          <div className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
            <h2 className="font-medium">
              <Link href={retentionHref(id)} className="hover:text-accent">
                <SafeText text={name} />
              </Link>
            </h2>
            <p>
              <SafeText text={scope} className="mono" />
            </p>
            <p className="text-muted">
              Keeps a tag that is <SafeText text={rules.map(ruleText).join(', or ')} />
            </p>
          </div>
          <dl className="grid w-full grid-cols-[auto_1fr] gap-x-3 self-start text-xs text-muted sm:w-80">
            <dt>Runs</dt>
            <dd>{scheduleText(schedule)}</dd>
            {nextRunAt && (
              <>
                <dt>Next</dt>
                <dd className="tabular">{formatMinute(nextRunAt)} UTC</dd>
              </>
            )}
            <dt>Last</dt>
            <dd className="tabular">
              {lastRun
                ? `${formatMinute(lastRun.startedAt)} UTC, ${LAST[shownRunState(lastRun)]}, ${plural(lastRun.deleted, 'tag')} deleted`
                : 'never'}
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  )
}
