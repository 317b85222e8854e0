import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import { plural } from '@/lib/format/bytes'
import { formatMinute } from '@/lib/format/time'
import { trashHref } from '@/lib/routes/href'
import type { PolicyDraft } from './policy-draft'
import { WEEKDAYS } from './rule-words'

interface ScheduleFieldsProps {
  draft: PolicyDraft
  onChange: (part: Partial<PolicyDraft>) => void
  trashDays: number
  /** As it is saved. */
  nextRunAt?: string
}

/** When a policy runs, and the limit at which it stops. */
export function ScheduleFields({
  draft: { schedule, mostShare },
  onChange,
  trashDays,
  nextRunAt,
}: ScheduleFieldsProps) {
  const at = schedule?.at ?? '04:00'
  const value = schedule ? (schedule.every === 'day' ? 'day' : String(schedule.weekday)) : 'never'
  const choose = (chosen: string) =>
    onChange({
      schedule:
        chosen === 'never'
          ? null
          : chosen === 'day'
            ? { every: 'day', weekday: 0, at }
            : { every: 'week', weekday: Number(chosen), at },
    })
  return (
    <section aria-labelledby="schedule" className="rounded-xl border bg-surface shadow-xs">
      <h2 id="schedule" className="border-b bg-sunken/60 px-4 py-2.5 text-sm font-semibold">
        Schedule
      </h2>
      <dl className="divide-y text-sm [&>div]:grid [&>div]:grid-cols-[7rem_1fr] [&>div]:items-center [&>div]:gap-3 [&>div]:px-4 [&>div]:py-2.5 [&_dt]:text-muted">
        <div>
          <dt>Runs</dt>
          <dd className="flex flex-wrap items-center gap-2">
            <Select aria-label="Runs" value={value} onChange={({ target }) => choose(target.value)}>
              <option value="never">manually</option>
              <option value="day">every day</option>
              {WEEKDAYS.map((day, index) => (
                <option key={day} value={index}>
                  every {day}
                </option>
              ))}
            </Select>
            {schedule && (
              <>
                at
                <Input
                  aria-label="Time"
                  isSized
                  className="w-20"
                  value={schedule.at}
                  onChange={({ target }) => onChange({ schedule: { ...schedule, at: target.value } })}
                />
                UTC
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Next run</dt>
          <dd>{nextRunAt ? `${formatMinute(nextRunAt)} UTC` : <span className="text-muted">none scheduled</span>}</dd>
        </div>
        <div>
          <dt>Stops if</dt>
          <dd className="flex flex-wrap items-center gap-2">
            {/* The sign stays with its number. */}
            <span className="flex items-center gap-2">
              more than
              <Input
                type="number"
                min={1}
                max={100}
                aria-label="Percent of the tags at which a run stops"
                isSized
                className="w-18"
                value={mostShare}
                onChange={({ target }) => onChange({ mostShare: Number(target.value) })}
              />
              %
            </span>
            of the tags would be deleted
          </dd>
        </div>
        <div>
          <dt>Deleted tags</dt>
          <dd>
            {' '}
            go to{' '}
            <Link href={trashHref()} className="font-medium text-accent underline-offset-2 hover:underline">
              the trash
            </Link>{' '}
            for {plural(trashDays, 'day')}, or until garbage collection
          </dd>
        </div>
      </dl>
    </section>
  )
}
