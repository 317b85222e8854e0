import { ChevronLeft, ChevronRight, CircleHelp, CircleSlash2, History, MoveRight, Plus } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { type Column, Table } from '@/components/ui/table'
import type { AsOfPage, TagAsOf } from '@/lib/data/history/read-as-of'
import { formatCount, plural } from '@/lib/format/bytes'
import { formatDay, formatTime } from '@/lib/format/time'
import type { Place } from '@/lib/oci/place'
import { type AsOfState, asOfQuery } from '@/lib/routes/as-of-query'
import { basePath } from '@/lib/routes/base-path'
import { diffHref, manifestHref, repositoryHref, sideOf } from '@/lib/routes/href'
import { HistoryDays } from './history-days'

interface AsOfProps {
  place: Place
  page: AsOfPage
  state: AsOfState
}

const DAY = 86_400_000
const SOURCES = { change: 'Lading', notification: 'notification', sync: 'sync' } as const

/** A repository's tags at the end of a day, next to their current state. */
export function AsOf({ place, page, state }: AsOfProps) {
  const { day, counts, rows, days } = page
  const hrefOf = (change: Partial<AsOfState>) => repositoryHref(place, asOfQuery({ ...state, page: 1, ...change }))
  const today = new Date().toISOString().slice(0, 10)
  const away = (by: number) => new Date(Date.parse(day) + by * DAY).toISOString().slice(0, 10)
  const name = dayName(day)
  const isUnsure = counts.uncertain > 0 || page.isBeforeRecord
  return (
    <div className="space-y-3">
      <section
        aria-label="As of"
        className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border bg-sunken px-4 py-3"
      >
        <History aria-hidden className="size-4 shrink-0 text-accent" />
        <div className="min-w-0 flex-1 basis-72 text-sm">
          <h2 className="font-medium">Tags as they were at the end of {name}, UTC</h2>
          <p className="text-muted">
            {isUnsure && 'At least '}
            {plural(counts.was, 'tag')}. Since then {formatCount(counts.appeared)} appeared, {formatCount(counts.gone)}{' '}
            disappeared and {formatCount(counts.moved)} moved: {plural(counts.is, 'tag')} now.
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          <Link
            href={hrefOf({ asOf: away(-1) })}
            aria-label="The day before"
            className={buttonStyles({ size: 'icon' })}
          >
            <ChevronLeft aria-hidden />
          </Link>
          <DayForm action={repositoryHref(place)} day={day} today={today} />
          {day < today && (
            <Link
              href={hrefOf({ asOf: away(1) })}
              aria-label="The day after"
              className={buttonStyles({ size: 'icon' })}
            >
              <ChevronRight aria-hidden />
            </Link>
          )}
          <Link href={repositoryHref(place)} className={buttonStyles()}>
            Back to now
          </Link>
        </div>
      </section>
      <HistoryDays days={days} selected={day} hrefOf={(asOf) => hrefOf({ asOf })} />
      <nav aria-label="Which tags" className="flex w-fit rounded-md border bg-sunken p-0.5 text-sm">
        {[false, true].map((all) => (
          <Link
            key={String(all)}
            href={hrefOf({ all })}
            scroll={false}
            aria-current={state.all === all ? 'page' : undefined}
            className="flex h-6.5 items-center gap-1.5 rounded px-2.5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:shadow-xs"
          >
            {all ? 'All' : 'Differs from now'}
            <span className="text-xs tabular">{formatCount(all ? counts.all : counts.differing)}</span>
          </Link>
        ))}
      </nav>
      <Table
        name="as-of"
        caption={`Tags of ${place.repository} on ${name}`}
        columns={columnsOf(place, name)}
        rows={rows}
        rowKey={({ tag }) => tag}
        footer={
          rows.length === 0 && (
            <p className="px-4 py-10 text-center text-sm text-muted">
              {state.all ? 'No tags are known for that day.' : 'Every tag known for that day is unchanged.'}
            </p>
          )
        }
      />
      <Pager count={page.matching} size={page.size} page={page.page} hrefOf={(to) => hrefOf({ page: to })} />
      <p className="text-xs text-muted">
        {page.recordedSince &&
          `Recorded since ${dayName(page.recordedSince.slice(0, 10))}${
            page.isBeforeRecord ? ': what happened before isn’t known' : ''
          }. `}
        A tag that appeared and disappeared between two checks isn’t recorded.
        {counts.uncertain > 0 &&
          ` ${plural(counts.uncertain, 'tag isn’t certain', 'tags aren’t certain')} for this day: a sync found the change later.`}
      </p>
    </div>
  )
}

/** Works without scripts; the page follows when the form is sent. */
export function DayForm({ action, day, today }: { action: string; day?: string; today: string }) {
  return (
    <form action={basePath + action} method="get" className="flex items-center gap-1.5">
      <Input
        type="date"
        name="asOf"
        aria-label="Show the tags as of"
        defaultValue={day ?? today}
        max={today}
        required
        className="w-36"
      />
      <button type="submit" className={buttonStyles()}>
        {day ? 'Show' : 'Show tags as of this day'}
      </button>
    </form>
  )
}

function dayName(day: string): string {
  return formatDay(day, Date.now()).replace('Today, ', '')
}

function columnsOf(place: Place, day: string): readonly Column<TagAsOf>[] {
  const image = (digest: string) => <Digest digest={digest} href={manifestHref(place, digest)} copy={false} swatch />
  return [
    {
      id: 'tag',
      role: 'name',
      head: 'Tag',
      cell: ({ tag, now, moves }) => (
        <>
          {now ? <Link href={manifestHref(place, tag)}>{tag}</Link> : tag}
          {moves > 1 && <small>moved {formatCount(moves)} times since</small>}
        </>
      ),
    },
    {
      id: 'was',
      width: 11.5,
      head: `On ${day}`,
      stacked: 'then',
      cell: ({ was }) => (was ? image(was) : <span className="text-muted">not there</span>),
    },
    {
      id: 'now',
      width: 11.5,
      head: 'Now',
      stacked: 'now',
      cell: ({ now }) => (now ? image(now) : <span className="text-muted">deleted</span>),
    },
    {
      id: 'since',
      width: 10,
      head: 'Since then',
      cell: (row) => <Since row={row} place={place} />,
    },
    {
      id: 'known',
      width: 11,
      priority: 1,
      head: 'Known from',
      stacked: 'known from',
      cell: ({ known: { how, at } }) => {
        const iso = new Date(at).toISOString()
        return (
          <span className="text-muted">
            {SOURCES[how]}, {dayName(iso.slice(0, 10))}, {formatTime(iso)}
          </span>
        )
      },
    },
    {
      id: 'size',
      width: 6,
      align: 'end',
      priority: 2,
      head: 'Size then',
      stacked: 'size then',
      cell: ({ size }) => (size === undefined ? <span className="unknown">unknown</span> : <Bytes bytes={size} />),
    },
  ]
}

function Since({ row: { was, now, isUncertain }, place }: { row: TagAsOf; place: Place }) {
  const [Icon, tone, text] = isUncertain
    ? ([CircleHelp, 'text-warn', 'not certain'] as const)
    : was === undefined
      ? ([Plus, 'text-good', 'appeared'] as const)
      : now === undefined
        ? ([CircleSlash2, 'text-danger', 'deleted'] as const)
        : was === now
          ? ([undefined, 'text-muted', 'unchanged'] as const)
          : ([MoveRight, 'text-accent', 'moved'] as const)
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      {Icon && <Icon aria-hidden className={`size-3.5 ${tone}`} />}
      <span className={was === now ? 'text-muted' : undefined}>{text}</span>
      {was && now && was !== now && (
        <Link
          href={diffHref(sideOf(place, was), sideOf(place, now))}
          className="text-xs font-medium text-accent underline-offset-2 hover:underline"
        >
          Compare
        </Link>
      )}
    </span>
  )
}
