import { Lock } from 'lucide-react'
import type { ChangeTarget } from '@/components/change/change-target'
import { Bytes } from '@/components/ui/bytes'
import { swatchClass } from '@/components/ui/digest'
import { RowLink } from '@/components/ui/row-link'
import type { Column } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { TagRow } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import { shortDigest } from '@/lib/format/digest'
import type { PullSource } from '@/lib/format/pull-commands'
import type { Attempt } from '@/lib/problem/attempt'
import { isDamage } from '@/lib/problem/damage-problem'
import { manifestHref } from '@/lib/routes/href'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { Platforms } from './platforms'
import { pullTexts } from './pull-texts'
import { Siblings } from './siblings'
import { SortLinks, sortedBy } from './sort-links'
import { TagMenu } from './tag-menu'
import { PageCheckbox, TagCheckbox } from './tag-selection'
import { Unknown } from './unknown'

export interface TagTableRow {
  readonly tag: string
  /** Absent while it is on its way. */
  readonly row?: Attempt<TagRow> | undefined
  /** Absent until it is known what the other rows point at. */
  readonly shared?: SharedDigests | undefined
}

export interface TagTableContext {
  readonly registry: string
  readonly repository: string
  readonly state: TagTableState
  readonly may: ChangeTarget['may']
  /** The rule that protects a tag, by tag. */
  readonly protectedBy?: Readonly<Record<string, string>> | undefined
  /** Where tools pull from; absent for a layout, where each tag has a name of its own. */
  readonly from?: PullSource | undefined
}

/** What the table of tags shows. */
export function tagColumns({
  registry,
  repository,
  state,
  may,
  from,
  protectedBy,
}: TagTableContext): Column<TagTableRow>[] {
  const heads = { registry, repository, state }
  return [
    {
      id: 'select',
      role: 'lead',
      width: 2.5,
      head: <PageCheckbox />,
      cell: ({ tag, row }) => row?.ok && <TagCheckbox tag={tag} created={row.value.created} />,
    },
    {
      id: 'tag',
      role: 'name',
      head: <SortLinks {...heads} sorts={['version', 'name']} label="Tag" />,
      sorted: sortedBy(state, ['version', 'name']),
      cell: ({ tag, row }) => (
        <>
          <RowLink href={manifestHref(registry, repository, tag)}>{tag}</RowLink>
          {protectedBy?.[tag] && (
            <span role="img" title={protectionText(protectedBy[tag])} aria-label={protectionText(protectedBy[tag])}>
              <Lock aria-hidden className="ml-1.5 inline size-3.5 text-muted" />
            </span>
          )}
          {row?.ok && row.value.artifact && <small>{row.value.artifact}</small>}
          {row?.ok && row.value.problem && isDamage(row.value.problem) && (
            <small className="text-danger" title={row.value.problem.detail}>
              damaged: pulls fail
            </small>
          )}
          {row && !row.ok && (
            <small className="text-danger" title={`${row.problem.detail} ${row.problem.advice ?? ''}`}>
              {row.problem.title}
            </small>
          )}
        </>
      ),
    },
    {
      id: 'digest',
      width: 10.75,
      priority: 1,
      head: 'Digest',
      skeleton: 8,
      cell: ({ tag, row, shared }) =>
        whenRead(row, ({ digest }) => (
          <>
            <i className={swatchClass(digest)} />{' '}
            <RowLink href={manifestHref(registry, repository, digest)} className="mono quiet">
              {shortDigest(digest)}
            </RowLink>
            {shared?.byDigest[digest] && <Siblings tag={tag} digest={digest} shared={shared} />}
          </>
        )),
    },
    {
      id: 'platforms',
      width: 13,
      priority: 2,
      stacked: 'hidden',
      head: 'Platforms',
      skeleton: 6,
      cell: ({ row }) =>
        whenRead(row, ({ platforms, attestations }) => <Platforms platforms={platforms} attestations={attestations} />),
    },
    {
      id: 'size',
      width: 5.75,
      align: 'end',
      head: <SortLinks {...heads} sorts={['size']} label="Size" />,
      sorted: sortedBy(state, ['size']),
      skeleton: 3.5,
      cell: ({ row }) =>
        whenRead(row, ({ size, sizePlatform, problem }) =>
          size === undefined ? (
            <Unknown reason={problem?.title} />
          ) : (
            <Bytes bytes={size} platform={sizePlatform} className="tabular" />
          ),
        ),
    },
    {
      id: 'created',
      width: 8.5,
      align: 'end',
      stacked: 'created',
      head: <SortLinks {...heads} sorts={['created']} label="Created" />,
      sorted: sortedBy(state, ['created']),
      skeleton: 5,
      cell: ({ row }) =>
        whenRead(row, ({ created, uploaded, problem }) => (
          <>
            {created ? (
              // An age is too coarse where the order goes by it.
              <Time iso={created} format={state.sort === 'created' ? 'minute' : 'age-or-date'} className="quiet" />
            ) : (
              <Unknown reason={problem?.title} />
            )}
            {uploaded && (
              <small>
                uploaded <Time iso={uploaded} format="age-or-date" />
              </small>
            )}
          </>
        )),
    },
    {
      id: 'actions',
      role: 'trail',
      width: 3.25,
      head: <span className="sr-only">Actions</span>,
      cell: ({ tag, row }) =>
        row?.ok && (
          <TagMenu
            target={{ registry, repository, selector: tag, digest: row.value.digest, may }}
            pull={pullTexts(from, repository, row.value)}
          />
        ),
    },
  ]
}

function protectionText(rule: string | undefined): string {
  return `Protected by the rule “${rule}”: can’t be moved or deleted`
}

/** Nothing for a tag that could not be read: its name says why. */
function whenRead(row: TagTableRow['row'], render: (value: TagRow) => React.ReactNode): React.ReactNode {
  if (!row) return undefined
  return row.ok ? render(row.value) : null
}
