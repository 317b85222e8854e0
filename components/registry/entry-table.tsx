import { ArrowDown, ArrowUp, ShieldAlert } from 'lucide-react'
import { Platforms } from '@/components/repository/platforms'
import { SIGNATURE_HINT, Signature } from '@/components/repository/signature'
import { Bytes } from '@/components/ui/bytes'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { FindingCount } from '@/lib/data/policy/count-findings'
import type { EntryFacts, EntryPage } from '@/lib/data/registries/entry-page'
import type { TreeEntry } from '@/lib/data/registries/tree'
import { formatCount, plural } from '@/lib/format/bytes'
import { ownValue } from '@/lib/format/own-value'
import { type EntryPlace, entriesHref } from '@/lib/routes/entries-href'
import type { EntryOrder } from '@/lib/routes/entry-list-query'
import { manifestHref, pathHref } from '@/lib/routes/href'
import { BelowCount } from './below-count'

interface Row extends TreeEntry {
  readonly facts?: EntryFacts[string]
  readonly findings?: FindingCount | undefined
  /** Of the first row that begins with a letter: where the letter leads. */
  readonly anchor?: string
}

interface EntryTableProps {
  place: Exclude<EntryPlace, { kind: 'home' }>
  page: EntryPage
}

/** Namespaces and repositories as rows, with what the catalog knows of each: "at least" while tags are unread. */
export function EntryTable({ place, page }: EntryTableProps) {
  const { entries, facts = {}, findings, letters } = page
  const seen = new Set<string>()
  const rows = entries.map((entry): Row => {
    const known = ownValue(facts, entry.path)
    const letter = /[a-z]/i.test(entry.name.charAt(0)) ? entry.name.charAt(0).toUpperCase() : 'other'
    const isFirst = letters !== undefined && !seen.has(letter)
    seen.add(letter)
    return {
      ...entry,
      ...(known && { facts: known }),
      findings: ownValue(findings, entry.path),
      ...(isFirst && { anchor: `letter-${letter}` }),
    }
  })
  const columns = columnsOf(place, findings !== undefined)
  // The other columns are empty for a level of namespaces alone.
  const isLevel = entries.length > 0 && entries.every(({ isRepository }) => !isRepository)
  return (
    <Table
      name={isLevel ? 'namespaces' : findings ? 'entries-checked' : 'entries'}
      caption={`Repositories of ${place.registry}`}
      columns={isLevel ? columns.slice(0, 1) : columns}
      rows={rows}
      rowKey={({ path }) => path}
    />
  )
}

function columnsOf(place: EntryTableProps['place'], hasFindings: boolean): readonly Column<Row>[] {
  const { registry } = place
  const { order = 'name', orderDir = 'desc' } = place.state
  const head = (text: string, by: EntryOrder) => <OrderLink place={place} by={by} text={text} />
  const sorted = (by: EntryOrder) => {
    if (by !== order && !(by === 'path' && order === 'name')) return undefined
    return (orderDir === 'desc') === (by === 'path') ? 'ascending' : 'descending'
  }
  const columns: Column<Row>[] = [
    {
      id: 'name',
      role: 'name',
      head: head('Repository', 'path'),
      sorted: sorted('path'),
      cell: (row) => <Name registry={registry} row={row} />,
    },
    {
      id: 'tags',
      head: head('Tags', 'tags'),
      sorted: sorted('tags'),
      width: 6,
      align: 'end',
      priority: 1,
      stacked: 'tags',
      cell: ({ facts }) => <TagCount facts={facts} />,
    },
    {
      id: 'newest',
      head: head('Newest tag', 'created'),
      sorted: sorted('created'),
      width: 11,
      stacked: 'newest',
      cell: (row) => <NewestTag registry={registry} row={row} />,
    },
    {
      id: 'size',
      head: head('Size', 'size'),
      sorted: sorted('size'),
      width: 6,
      align: 'end',
      priority: 2,
      cell: ({ facts }) => (facts?.newest?.size === undefined ? '' : <Bytes bytes={facts.newest.size} />),
    },
    {
      id: 'platforms',
      head: 'Platforms',
      width: 11,
      priority: 5,
      stacked: 'hidden',
      cell: ({ facts }) => (facts?.newest ? <Platforms platforms={facts.newest.platforms} attestations={0} /> : ''),
    },
    {
      id: 'signed',
      head: <span title={SIGNATURE_HINT}>{head('Signature', 'signed')}</span>,
      sorted: sorted('signed'),
      width: 7.5,
      priority: 4,
      cell: ({ facts }) => (facts?.newest ? <Signature signed={facts.newest.signed} /> : ''),
    },
  ]
  if (hasFindings)
    columns.push({
      id: 'findings',
      head: head('Findings', 'findings'),
      sorted: sorted('findings'),
      width: 6.5,
      priority: 3,
      stacked: 'findings',
      cell: (row) => row.isRepository && <Findings registry={registry} row={row} />,
    })
  return columns
}

interface CellProps {
  registry: string
  row: Row
}

function Name({ registry, row: { path, name, isRepository, below, facts, anchor } }: CellProps) {
  return (
    <>
      <Link
        id={anchor}
        href={pathHref(registry, path)}
        className="inline-flex scroll-mt-4 items-center gap-2 align-middle font-medium [overflow-wrap:anywhere]"
      >
        <Icon name={isRepository ? 'box' : 'folder'} className="text-faint" />
        <Path name={name} />
        <BelowCount count={below} />
      </Link>
      {facts?.newest?.description && (
        <span className="block truncate text-xs font-normal text-muted">
          <SafeText text={facts.newest.description} />
        </span>
      )}
    </>
  )
}

/** The last segment stands out from those before it. */
function Path({ name }: { name: string }) {
  const slash = name.lastIndexOf('/') + 1
  return (
    <span>
      {slash > 0 && <span className="font-normal text-muted">{name.slice(0, slash)}</span>}
      {name.slice(slash)}
    </span>
  )
}

function TagCount({ facts }: Pick<Row, 'facts'>) {
  if (!facts || (!facts.isComplete && facts.tags === 0)) return null
  return (
    <>
      {!facts.isComplete && <span className="text-xs text-muted">at least </span>}
      {formatCount(facts.tags)}
    </>
  )
}

function NewestTag({ row: { facts } }: CellProps) {
  if (!facts?.newest)
    return !facts?.isComplete ? null : facts.tags === 0 ? (
      <span className="text-xs text-muted">no tags</span>
    ) : (
      <span
        className="unknown"
        title={
          facts.read < facts.tags
            ? 'Not all of its tags have been read yet'
            : 'None of its images says when it was created'
        }
      >
        unknown
      </span>
    )
  const { tag, created, isDamaged } = facts.newest
  return (
    <>
      <Link href={manifestHref(facts, tag)} className="block truncate @max-[23rem]/table:inline">
        {tag}
      </Link>{' '}
      <Time iso={new Date(created).toISOString()} format="age-or-date" className="text-xs text-muted" />
      {isDamaged && (
        <span className="text-xs text-danger" title="Something that it needs is missing or malformed, so pulls fail">
          {' '}
          damaged
        </span>
      )}
    </>
  )
}

function Findings({ registry, row: { path, findings, facts } }: CellProps) {
  const { count = 0, isLowerBound = false } = findings ?? {}
  const isWhole = facts?.isComplete && facts.read >= facts.tags && !isLowerBound
  if (count === 0) return <span className="text-muted">none{!isWhole && ' so far'}</span>
  return (
    <Link
      href={pathHref(registry, path, { view: 'policy' })}
      aria-label={`${isWhole ? '' : 'at least '}${plural(count, 'finding')}`}
      className="inline-flex items-center gap-1.5 align-middle text-warn hover:underline"
    >
      <ShieldAlert aria-hidden className="size-3.5" />
      {!isWhole && 'at least '}
      {formatCount(count)}
    </Link>
  )
}

interface OrderLinkProps {
  place: EntryTableProps['place']
  by: EntryOrder
  text: string
}

/** Sorts by a column, and reverses on the second click. Names sort within the current level or the whole list. */
function OrderLink({ place, by, text }: OrderLinkProps) {
  const { order = 'name', orderDir = 'desc' } = place.state
  const target = by === 'path' && order === 'name' ? 'name' : by
  const isActive = target === order
  const next = isActive && orderDir === 'desc' ? 'asc' : 'desc'
  const isAscending = (orderDir === 'desc') === (by === 'path')
  const Arrow = isAscending ? ArrowUp : ArrowDown
  return (
    <Link
      href={entriesHref(place, { ...place.state, order: target, orderDir: next, namesPage: 1 })}
      scroll={false}
      className="inline-flex h-7 items-center gap-0.5 underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink"
    >
      {text}
      {isActive && <Arrow aria-hidden className="size-3" />}
    </Link>
  )
}
