import { ArrowRight, CircleSlash2, Eye, type LucideIcon, Tag, Trash2 } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import type { HistoryEntry } from '@/lib/data/history/history-entry'
import { formatCount, plural } from '@/lib/format/bytes'
import { formatBetween, formatDay, formatTime } from '@/lib/format/time'
import { barePlace } from '@/lib/oci/place'
import { diffHref, manifestHref, repositoryHref, sideOf } from '@/lib/routes/href'
import { UndoEntry } from './late-parts'

interface HistoryListProps {
  entries: readonly HistoryEntry[]
  /** Names the repository of each entry. */
  showRepository?: boolean
  /** Rendered below the entries, in the same panel. */
  footer?: React.ReactNode
}

/** What happened, newest first, under the days on which it did. Days and times are UTC. */
export function HistoryList({ entries, showRepository = false, footer }: HistoryListProps) {
  const days = [...Map.groupBy(entries, ({ at }) => at.slice(0, 10))]
  return (
    <Panel>
      {days.map(([day, some]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h3 id={`day-${day}`} className="border-b bg-sunken px-4 py-2 text-xs font-medium text-muted">
            {formatDay(day, Date.now())}
          </h3>
          <ol className="divide-y border-b">
            {some.map((entry) => (
              <Entry
                key={`${entry.at} ${entry.kind} ${entry.registry} ${entry.repository} ${entry.tags[0]}`}
                entry={entry}
                showRepository={showRepository}
              />
            ))}
          </ol>
        </section>
      ))}
      {footer}
    </Panel>
  )
}

const ICONS: Readonly<Record<HistoryEntry['kind'], { readonly Icon: LucideIcon; readonly tone: string }>> = {
  appeared: { Icon: Tag, tone: 'text-good' },
  moved: { Icon: ArrowRight, tone: 'text-accent' },
  gone: { Icon: CircleSlash2, tone: 'text-danger' },
  seen: { Icon: Eye, tone: 'text-faint' },
}

function Entry({ entry, showRepository }: { entry: HistoryEntry; showRepository: boolean }) {
  const { kind, how, registry, repository, tags } = entry
  const { tone } = ICONS[kind]
  const Icon = kind === 'gone' && how === 'change' ? Trash2 : ICONS[kind].Icon
  return (
    <li className="flex flex-wrap gap-x-3 gap-y-2 px-4 py-2.5 text-sm sm:flex-nowrap">
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {showRepository && (
            <Link href={repositoryHref(entry)} className="font-medium break-all hover:text-accent">
              {repository}
            </Link>
          )}
          <Tags entry={entry} />
          <What entry={entry} />
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted">
          {showRepository && <span>{registry}</span>}
          <Source entry={entry} />
          {kind === 'moved' && entry.from && entry.to && (
            <Link
              href={diffHref(sideOf(entry, entry.from), sideOf(entry, entry.to))}
              aria-label={`Compare ${tags[0]} before and after`}
              className="font-medium text-accent underline-offset-2 hover:underline"
            >
              Compare
            </Link>
          )}
        </p>
      </div>
      {entry.undo && (
        <div className="empty:hidden max-sm:order-last max-sm:w-full max-sm:pl-7">
          <UndoEntry place={barePlace(entry)} tags={tags} undo={entry.undo} />
        </div>
      )}
      <time dateTime={entry.at} className="shrink-0 py-0.5 text-right text-xs text-muted tabular" title={entry.at}>
        {how === 'sync' && kind !== 'seen' && 'before '}
        {entry.firstAt && `${formatTime(entry.firstAt)}–`}
        {formatTime(entry.at)}
      </time>
    </li>
  )
}

function Tags({ entry }: { entry: HistoryEntry }) {
  const { kind, tags, tagCount, isLowerBound } = entry
  if (tagCount > 4 || kind === 'seen')
    return (
      <b className="font-medium">
        {isLowerBound && 'At least '}
        {plural(tagCount, 'tag')}
      </b>
    )
  return tags.map((tag) =>
    kind === 'gone' ? (
      <Badge key={tag} className="text-xs text-ink" wrap>
        <SafeText text={tag} />
      </Badge>
    ) : (
      <Link key={tag} href={manifestHref(entry, tag)}>
        <Badge className="text-xs text-ink hover:text-accent" wrap>
          {tag}
        </Badge>
      </Link>
    ),
  )
}

function What({ entry }: { entry: HistoryEntry }) {
  const { kind, from, to, tags, tagCount } = entry
  const image = (digest: string) => <Digest digest={digest} href={manifestHref(entry, digest)} copy={false} swatch />
  const names = tagCount > 4 && (
    <span className="text-xs text-muted">
      {tags.slice(0, 3).join(', ')}
      {tagCount > 3 && ` and ${formatCount(tagCount - 3)} more`}
    </span>
  )
  switch (kind) {
    case 'moved':
      return (
        <>
          moved {from && image(from)}
          <ArrowRight aria-label="to" className="size-3.5 text-faint" />
          {to && image(to)}
        </>
      )
    case 'appeared':
      return (
        <>
          appeared {to && <>on {image(to)}</>}
          {names}
        </>
      )
    case 'gone':
      return (
        <>
          deleted
          {from && (
            <>
              , {tagCount === 1 ? 'was' : 'were'} on {image(from)}
            </>
          )}
          {names}
        </>
      )
    case 'seen':
      return (
        <>
          {tagCount === 1 ? 'was' : 'were'} there when Lading first looked
          <span className="text-xs text-muted">
            {tags.slice(0, 3).join(', ')}
            {tagCount > 3 && ` and ${formatCount(tagCount - 3)} more`}
          </span>
        </>
      )
  }
}

/** The author of a change, and how it's known. */
function Source({ entry: { how, actor, registry, at, since, kind } }: { entry: HistoryEntry }) {
  if (kind === 'seen') return <span>Earlier changes aren’t known.</span>
  if (how === 'change')
    return (
      <span>
        by <b className="font-medium text-ink">{actor ?? 'someone who wasn’t signed in'}</b> in Lading
      </span>
    )
  if (how === 'notification')
    return (
      <span>
        by {actor ? <SafeText text={actor} className="font-medium text-ink" /> : 'an unknown user'}, reported by{' '}
        {registry}
      </span>
    )
  return (
    <>
      <span>
        found by Lading, {since ? formatBetween(since, at, Date.now()) : `some time before ${formatTime(at)}`}
      </span>
      <span>user unknown</span>
    </>
  )
}
