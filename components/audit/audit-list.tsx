'use client'

import { ChevronDown, ChevronRight } from 'lucide-react'
import { Fragment, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, TableFrame, TableRow } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { AuditBatch, AuditRow } from '@/lib/data/audit/audit-row'
import { formatCount, plural } from '@/lib/format/bytes'
import { shortDigest, withShortDigests } from '@/lib/format/digest'
import { listedTags } from '@/lib/format/listed-tags'
import { isRepositoryName } from '@/lib/oci/reference'
import { manifestHref, pathHref } from '@/lib/routes/href'
import { actionText } from './action-text'
import { AuditDetails, BatchDetails } from './audit-details'
import { Outcome } from './outcome'

/** Characters of a reason in its row: its details have all of it. */
const LONGEST = 160

/** Actions of the log, newest first; each opens to show everything that was recorded. */
export function AuditList({ rows, note }: { rows: readonly AuditRow[]; note: string | undefined }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const toggle = (seq: number) =>
    setOpen(open.has(seq) ? new Set([...open].filter((one) => one !== seq)) : new Set([...open, seq]))
  const columns = columnsFor(open, toggle)
  return (
    <div id="audit">
      <TableFrame
        name="audit"
        caption="Changes, refusals, sign-ins and exports"
        columns={columns}
        isText
        footer={note && <p className="px-4 py-10 text-center text-sm text-muted">{note}</p>}
      >
        {rows.map((row) => (
          <Fragment key={row.seq}>
            <TableRow columns={columns} row={row} />
            {open.has(row.seq) && (
              <tr>
                <td colSpan={columns.length}>
                  {row.batch ? <BatchDetails row={row} batch={row.batch} /> : <AuditDetails row={row} />}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </TableFrame>
    </div>
  )
}

function columnsFor(open: ReadonlySet<number>, toggle: (seq: number) => void): Column<AuditRow>[] {
  return [
    {
      id: 'open',
      role: 'lead',
      width: 2.5,
      head: <span className="sr-only">Details</span>,
      cell: ({ seq }) => {
        const isOpen = open.has(seq)
        const Icon = isOpen ? ChevronDown : ChevronRight
        return (
          <Button
            variant="ghost"
            size="icon-xs"
            aria-expanded={isOpen}
            aria-label={`Details of row ${seq}`}
            onClick={() => toggle(seq)}
          >
            <Icon aria-hidden />
          </Button>
        )
      },
    },
    {
      id: 'row',
      width: 5,
      priority: 3,
      head: 'Row',
      stacked: 'hidden',
      cell: ({ seq, batch }) => (
        <span className="quiet tabular">
          {formatCount(seq)}
          {batch && <span className="block">to {formatCount(batch.oldest)}</span>}
        </span>
      ),
    },
    {
      id: 'time',
      width: 9,
      head: 'Time',
      cell: ({ at }) => <Time iso={at} format="minute" className="quiet" />,
    },
    {
      id: 'who',
      width: 9,
      head: 'Who',
      cell: ({ actor, job }) => (actor ? <SafeText text={actor} /> : job ? 'Lading' : 'not signed in'),
    },
    { id: 'action', width: 8.5, head: 'Action', cell: ({ action }) => actionText(action) },
    { id: 'object', role: 'name', head: 'Object', cell: (row) => <Subject row={row} /> },
    {
      id: 'outcome',
      width: '24%',
      min: 12,
      head: 'Outcome',
      cell: ({ outcome, before, after, problem, reason, batch }) =>
        batch ? (
          <BatchOutcome batch={batch} />
        ) : (
          <>
            <Outcome outcome={outcome} />{' '}
            <span className="quiet">
              {problem ? (
                <span title={problem}>
                  <SafeText text={withShortDigests(problem)} longest={LONGEST} />
                </span>
              ) : (
                before && after && before !== after && `${shortDigest(before)} → ${shortDigest(after)}`
              )}
              {reason && (
                <>
                  {' '}
                  “<SafeText text={reason} longest={LONGEST} />”
                </>
              )}
            </span>
          </>
        ),
    },
  ]
}

function BatchOutcome({ batch: { outcomes } }: { batch: AuditBatch }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {OUTCOME_ORDER.map(
        (outcome) =>
          outcomes[outcome] !== undefined && (
            <span key={outcome} className="whitespace-nowrap">
              <Outcome outcome={outcome} /> <span className="tabular">{formatCount(outcomes[outcome])}</span>
            </span>
          ),
      )}
    </span>
  )
}

const OUTCOME_ORDER = ['done', 'failed', 'refused', 'unknown', 'running'] as const

function Subject({
  row: { registry, repository, tag, tags = [], before, after, what, address, batch },
}: {
  row: AuditRow
}) {
  if (!registry) return what ? <SafeText text={what} /> : <span className="quiet">{address && `from ${address}`}</span>
  if (!repository) return <SafeText text={registry} />
  if (batch)
    return (
      <>
        <Link href={hrefOf(registry, repository, undefined)} className="[overflow-wrap:anywhere]">
          <span className="quiet">{registry}/</span>
          {repository}
        </Link>{' '}
        <span className="quiet">{plural(batch.rows, 'row')}</span>
      </>
    )
  const digest = before ?? after
  const selector = tag ?? digest
  return (
    <>
      {what && (
        <>
          <SafeText text={what} /> <span className="quiet">of</span>{' '}
        </>
      )}
      <Link href={hrefOf(registry, repository, selector)} className="[overflow-wrap:anywhere]">
        <span className="quiet">{registry}/</span>
        {repository}
        {tag ? `:${tag}` : digest && <span className="quiet inline-block">@{shortDigest(digest)}</span>}
      </Link>
      {!tag && tags.length > 0 && <span className="quiet"> {shownTags(tags)}</span>}
    </>
  )
}

/** All of them are among the details. */
function shownTags(tags: readonly string[]): string {
  return tags.length > 3 ? `${tags.slice(0, 3).join(', ')} and ${tags.length - 3} more` : listedTags(tags)
}

/** A refused action may have named anything. */
function hrefOf(registry: string, repository: string, selector: string | undefined): string {
  return selector && isRepositoryName(repository)
    ? manifestHref({ registry, repository }, selector)
    : pathHref(registry, repository)
}
