import { ArrowDown, ArrowUp } from 'lucide-react'
import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { swatchClass } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { Column } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { FoundTag } from '@/lib/data/search/read-search'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref, searchHref } from '@/lib/routes/href'
import { type SearchPageState, type SearchSort, searchPageQuery } from '@/lib/routes/search-page-query'
import { MatchingPlatforms } from './matching-platforms'

interface Shown {
  /** The repository stands above the rows. */
  readonly isGrouped: boolean
  /** The query has terms, which some platforms of a tag may satisfy and others not. */
  readonly isNarrowed: boolean
}

/** What the results of a search show. */
export function searchColumns(state: SearchPageState, { isGrouped, isNarrowed }: Shown): Column<FoundTag>[] {
  const head = (sort: SearchSort, label: string) => <SortLink state={state} sort={sort} label={label} />
  const sorted = (sort: SearchSort) =>
    state.sort === sort ? (sort === 'repository' ? ('ascending' as const) : ('descending' as const)) : undefined
  return [
    {
      id: 'tag',
      role: 'name',
      head: head('repository', 'Repository and tag'),
      sorted: sorted('repository'),
      cell: ({ tag, labels, ...place }) => (
        <>
          <Link href={manifestHref(place, tag)}>{tag}</Link>
          {!isGrouped && (
            <small>
              {place.registry}/{place.repository}
            </small>
          )}
          {labels.map(({ key, value }) => (
            <small key={`${key} ${value}`} className="w-fit rounded bg-accent-soft px-1 text-accent">
              <SafeText text={`${key}=${value.length > 120 ? `${value.slice(0, 120)}…` : value}`} />
            </small>
          ))}
        </>
      ),
    },
    {
      id: 'digest',
      width: 10.75,
      priority: 2,
      stacked: 'hidden',
      head: 'Digest',
      cell: ({ digest, ...place }) => (
        <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
          <i aria-hidden className={swatchClass(digest)} />
          <Link href={manifestHref(place, digest)} title={digest} className="mono text-muted">
            {shortDigest(digest)}
          </Link>
        </span>
      ),
    },
    {
      id: 'platforms',
      width: 12,
      line: 'own',
      head: isNarrowed ? 'Matching platforms' : 'Platforms',
      cell: ({ images }) => <MatchingPlatforms images={images} isNarrowed={isNarrowed} />,
    },
    {
      id: 'size',
      width: 6,
      align: 'end',
      priority: 1,
      head: head('size', 'Size'),
      sorted: sorted('size'),
      cell: ({ size }) => (size === undefined ? <span className="unknown">unknown</span> : <Bytes bytes={size} />),
    },
    state.sort === 'moved'
      ? {
          id: 'moved',
          width: 8,
          stacked: 'moved',
          align: 'end',
          head: head('moved', 'Moved'),
          sorted: sorted('moved'),
          cell: ({ movedAt }) => <Moment at={movedAt} />,
        }
      : {
          id: 'created',
          width: 8,
          stacked: 'created',
          align: 'end',
          head: (
            <span className="inline-flex gap-2">
              {head('created', 'Created')}
              {head('moved', 'Moved')}
            </span>
          ),
          sorted: sorted('created'),
          cell: ({ created }) => <Moment at={created} />,
        },
  ]
}

function Moment({ at }: { at: number | undefined }) {
  return at === undefined ? (
    <span className="unknown">unknown</span>
  ) : (
    <Time iso={new Date(at).toISOString()} format="age-or-date" className="whitespace-nowrap" />
  )
}

function SortLink({ state, sort, label }: { state: SearchPageState; sort: SearchSort; label: string }) {
  const isActive = state.sort === sort
  const Arrow = sort === 'repository' ? ArrowUp : ArrowDown
  return (
    <Link
      href={searchHref(searchPageQuery({ ...state, sort: isActive ? 'repository' : sort, after: null, seen: 0 }))}
      scroll={false}
      title={isActive ? 'Sort by repository and tag' : `Sort by ${label.toLowerCase()}`}
      className={cn(
        'inline-flex h-7 items-center gap-0.5 rounded underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink',
        isActive && 'text-ink',
      )}
    >
      {label}
      {isActive && <Arrow aria-hidden className="size-3" />}
    </Link>
  )
}
