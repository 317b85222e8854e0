'use client'

import type { ChangeTarget } from '@/components/change/change-target'
import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Skeleton } from '@/components/ui/skeleton'
import { Time } from '@/components/ui/time'
import type { TagRow } from '@/lib/data/tags/read-tags'
import type { SharedDigests } from '@/lib/data/tags/shared-digests'
import type { Attempt } from '@/lib/problem/attempt'
import { manifestHref } from '@/lib/routes/href'
import { Platforms } from './platforms'
import { TagMenu } from './tag-menu'
import { TagCheckbox } from './tag-selection'

interface TagRowProps {
  registry: string
  repository: string
  tag: string
  row: Attempt<TagRow>
  may: ChangeTarget['may']
  shared: SharedDigests
  /** The table is sorted by time: an age is too coarse. */
  isByTime: boolean
}

const ROW = 'group h-12 border-b md:h-10 border-line last:border-0 hover:bg-sunken/60 [&>td]:px-2 [&>th]:px-2'

export function TagRowView({ tag, row, shared, isByTime, registry, repository, may }: TagRowProps) {
  if (!row.ok)
    return (
      <tr className={ROW}>
        <td />
        <TagCell tag={tag} registry={registry} repository={repository} />
        <td colSpan={2} className="max-w-0 truncate text-danger md:hidden" title={row.problem.detail}>
          {row.problem.title}
        </td>
        <td
          colSpan={4}
          className="truncate text-danger max-md:hidden"
          title={`${row.problem.detail} ${row.problem.advice ?? ''}`}
        >
          {row.problem.title}
        </td>
        <td />
      </tr>
    )
  const { digest, size, sizePlatform, created, uploaded, problem } = row.value
  const siblings = shared.byDigest[digest] && <Siblings tag={tag} digest={digest} shared={shared} />
  return (
    <tr className={ROW}>
      <td>
        <TagCheckbox tag={tag} />
      </td>
      <TagCell
        tag={tag}
        registry={registry}
        repository={repository}
        artifact={row.value.artifact}
        digest={digest}
        siblings={siblings}
      />
      <td className="max-md:hidden">
        <Digest digest={digest} href={manifestHref(registry, repository, digest)} copy={false} swatch />
        {siblings && <span className="block pl-4.5 text-2xs leading-tight text-muted">{siblings}</span>}
      </td>
      <td className="max-md:hidden">
        <Platforms platforms={row.value.platforms} attestations={row.value.attestations} />
      </td>
      <td className="text-right tabular" title={sizePlatform && `For ${sizePlatform}`}>
        {size === undefined ? <Unknown reason={problem?.title} /> : <Bytes bytes={size} />}
        {created && (
          <span className="block truncate text-2xs leading-tight text-muted sm:hidden">
            <Time iso={created} format="age-or-date" />
          </span>
        )}
      </td>
      <td className="truncate text-right text-muted tabular max-sm:hidden">
        {created ? (
          <Time iso={created} format={isByTime ? 'minute' : 'age-or-date'} />
        ) : (
          <Unknown reason={problem?.title} />
        )}
        {uploaded && (
          <span className="block truncate text-2xs leading-tight">
            uploaded <Time iso={uploaded} />
          </span>
        )}
      </td>
      <td>
        <TagMenu target={{ registry, repository, selector: tag, digest, may }} />
      </td>
    </tr>
  )
}

/** A row whose metadata is on its way: as high and as wide as it will be. */
export function PendingTagRow({ tag, registry, repository }: Pick<TagRowProps, 'tag' | 'registry' | 'repository'>) {
  return (
    <tr className={ROW}>
      <td />
      <TagCell tag={tag} registry={registry} repository={repository} />
      <td className="max-md:hidden">
        <Skeleton className="w-32" />
      </td>
      <td className="max-md:hidden">
        <Skeleton className="w-20" />
      </td>
      <td className="text-right">
        <Skeleton className="w-14" />
      </td>
      <td className="text-right max-sm:hidden">
        <Skeleton className="w-20" />
      </td>
      <td />
    </tr>
  )
}

interface TagCellProps {
  tag: string
  registry: string
  repository: string
  artifact?: string
  /** Shown below the tag where the screen has no room for its column. */
  digest?: string
  siblings?: React.ReactNode
}

function TagCell({ tag, registry, repository, artifact, digest, siblings }: TagCellProps) {
  return (
    <th scope="row" className="max-w-0 text-left font-medium">
      <span className="flex items-center gap-2">
        <Link
          href={manifestHref(registry, repository, tag)}
          title={tag}
          className="truncate underline-offset-2 hover:text-accent hover:underline"
        >
          {tag}
        </Link>
        {artifact && (
          <Badge className="max-w-40 shrink">
            <span className="truncate">{artifact}</span>
          </Badge>
        )}
        {siblings && <span className="shrink-0 text-2xs font-normal text-muted md:hidden">{siblings}</span>}
      </span>
      {digest && (
        <span className="block text-xs font-normal md:hidden">
          <Digest digest={digest} copy={false} swatch />
        </span>
      )}
    </th>
  )
}

/** How many tags are on the digest, named where the pointer rests: of this page, where not all are known. */
function Siblings({
  tag,
  digest,
  shared: { among, isLowerBound, byDigest },
}: {
  tag: string
  digest: string
  shared: SharedDigests
}) {
  const { count = 0, tags = [] } = byDigest[digest] ?? {}
  const others = tags.filter((other) => other !== tag)
  const more = count - 1 - others.length
  return (
    <span className="tabular" title={`The same digest as ${others.join(', ')}${more > 0 ? ` and ${more} more` : ''}`}>
      {isLowerBound && 'at least '}
      {among === 'repository' ? `${count} tags` : `${count} on this page`}
      <span className="sr-only"> with this digest</span>
    </span>
  )
}

function Unknown({ reason }: { reason?: string }) {
  return (
    <span className="text-faint" title={reason ?? 'The image does not say'}>
      –<span className="sr-only">unknown</span>
    </span>
  )
}
