import type { ManifestTarget } from '@/components/change/manifest-target'
import { ProtectedMark } from '@/components/protection/protected-mark'
import { RowLink } from '@/components/ui/row-link'
import type { Column } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { TagRow } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import { ownValue } from '@/lib/format/own-value'
import type { PullSource } from '@/lib/format/pull-commands'
import type { Place } from '@/lib/oci/place'
import type { Attempt } from '@/lib/problem/attempt'
import { isDamage } from '@/lib/problem/damage-problem'
import { manifestHref } from '@/lib/routes/href'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { MovedNote } from './moved-note'
import { Platforms } from './platforms'
import { ImageCreated, ImageDigest, ImageSize, UniqueBytes } from './row-values'
import { sharedColumns } from './shared-columns'
import { Siblings } from './siblings'
import { Signature } from './signature'
import { SortLinks, sortedBy } from './sort-links'
import { TagMenu } from './tag-menu'
import { PageCheckbox, TagCheckbox } from './tag-selection'

export interface TagTableRow {
  readonly tag: string
  /** Absent while it loads. */
  readonly row?: Attempt<TagRow> | undefined
  /** Absent until the other rows' targets are known. */
  readonly shared?: SharedDigests | undefined
}

export interface TagTableContext {
  readonly place: Place
  readonly state: TagTableState
  readonly may: ManifestTarget['may']
  /** The rule that protects a tag, by tag. */
  readonly protectedBy?: Readonly<Record<string, string>> | undefined
  /** Where tools pull from; absent for a layout, where each tag has its own name. */
  readonly from?: PullSource | undefined
}

/** What the table of tags shows. */
export function tagColumns({ place, state, may, from, protectedBy }: TagTableContext): Column<TagTableRow>[] {
  const heads = { place, state }
  const columns = sharedColumns(heads)
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
      cell: ({ tag, row, shared }) => (
        <>
          <TagName tag={tag} row={row} href={manifestHref(place, tag)} rule={ownValue(protectedBy, tag)} />
          <MovedNote move={ownValue(shared?.moved, tag)} />
        </>
      ),
    },
    {
      ...columns.digest,
      cell: ({ tag, row, shared }) =>
        whenRead(row, ({ digest }) => (
          <>
            <ImageDigest place={place} digest={digest} />
            {shared?.byDigest[digest] && <Siblings tag={tag} digest={digest} shared={shared} />}
          </>
        )),
    },
    {
      ...columns.platforms,
      cell: ({ row }) =>
        whenRead(row, ({ platforms, attestations }) => <Platforms platforms={platforms} attestations={attestations} />),
    },
    {
      ...columns.size,
      cell: ({ row }) => whenRead(row, (image) => <ImageSize image={image} />),
    },
    {
      ...columns.unique,
      cell: ({ row, shared }) =>
        whenRead(row, ({ digest }) => shared && <UniqueBytes bytes={shared.unique?.[digest]} />),
    },
    {
      ...columns.created,
      cell: ({ row }) =>
        whenRead(row, (image) => (
          <>
            <ImageCreated image={image} state={state} />
            {image.uploaded && (
              <small>
                uploaded <Time iso={image.uploaded} format="age-or-date" />
              </small>
            )}
          </>
        )),
    },
    {
      ...columns.signature,
      cell: ({ tag, row, shared }) =>
        whenRead(row, () => shared && <Signature signed={ownValue(shared.signed, tag)} />),
    },
    {
      ...columns.actions,
      cell: ({ tag, row }) =>
        row?.ok && (
          <TagMenu
            target={{ ...place, selector: tag, digest: row.value.digest, may }}
            from={from}
            artifact={row.value.artifact}
          />
        ),
    },
  ]
}

interface TagNameProps extends Pick<TagTableRow, 'tag' | 'row'> {
  href: string
  /** The rule that protects the tag. */
  rule: string | undefined
}

/** A tag with its lock, its kind and its problem. */
function TagName({ tag, row, href, rule }: TagNameProps) {
  return (
    <>
      <RowLink href={href}>{tag}</RowLink>
      {rule && <ProtectedMark rule={rule} />}
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
  )
}

/** Renders nothing for a tag that couldn't be read: its name cell says why. */
function whenRead(row: TagTableRow['row'], render: (value: TagRow) => React.ReactNode): React.ReactNode {
  if (!row) return undefined
  return row.ok ? render(row.value) : null
}
