import { SearchX } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { Owners } from '@/components/ui/owners'
import { TableFrame, TableGroup, TableRow } from '@/components/ui/table'
import type { FoundGroup, SearchResult } from '@/lib/data/search/read-search'
import { formatCount, plural } from '@/lib/format/bytes'
import { repositoryHref, searchHref } from '@/lib/routes/href'
import { type SearchPageState, searchPageQuery } from '@/lib/routes/search-page-query'
import { nothingKnown } from './nothing-known'
import { otherQuery } from './other-query'
import { searchColumns } from './search-columns'

/** Rows of a repository that are shown at first. */
const FOLDED = 4

/** The tags of one page, under their repositories. */
export function SearchResults({ result, state }: { result: SearchResult; state: SearchPageState }) {
  const isGrouped = state.sort === 'repository'
  const columns = searchColumns(state, { isGrouped, isNarrowed: result.query.terms.length > 0 })
  if (result.groups.length === 0) return <NothingFound result={result} />
  return (
    <TableFrame name={`search-${state.sort}`} caption="Tags that the query finds" columns={columns} isText>
      {result.groups.map((group) => {
        const key = `${group.registry}/${group.repository}`
        const isOpen = !isGrouped || state.open.includes(key) || group.tags.length <= FOLDED + 1
        const shown = isOpen ? group.tags : group.tags.slice(0, FOLDED)
        const hidden = group.tags.length - shown.length
        return [
          isGrouped && (
            <TableGroup key={key} columns={columns.length}>
              <GroupHead group={group} />
            </TableGroup>
          ),
          ...shown.map((tag) => <TableRow key={`${key}:${tag.tag}`} columns={columns} row={tag} />),
          hidden > 0 && (
            <tr key={`${key} more`}>
              <td colSpan={columns.length}>
                <Link
                  href={searchHref(searchPageQuery({ ...state, open: [...state.open, key] }))}
                  scroll={false}
                  className="font-medium text-accent"
                >
                  Show {formatCount(hidden)} more in {group.repository}
                </Link>
              </td>
            </tr>
          ),
        ]
      })}
    </TableFrame>
  )
}

function GroupHead({ group }: { group: FoundGroup }) {
  const { registry, repository, found, total, owners = [] } = group
  const slash = repository.lastIndexOf('/') + 1
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Icon name="box" className="size-3.5" />
      <Link href={repositoryHref(group)} className="min-w-0 text-sm">
        <span className="text-muted">
          {registry}/{repository.slice(0, slash)}
        </span>
        <span className="font-medium text-ink">{repository.slice(slash)}</span>
      </Link>
      {owners.length > 0 && (
        <span className="text-xs">
          <Owners owners={owners} />
        </span>
      )}
      {found !== undefined && (
        <span className="tabular ml-auto">
          {formatCount(found)} of {total === undefined ? 'its tags' : plural(total, 'tag')}
        </span>
      )}
    </span>
  )
}

function NothingFound({ result: { unknownKeys, query, ages } }: { result: SearchResult }) {
  const unread = ages.reduce((sum, age) => sum + age.unread, 0)
  const other = otherQuery(
    query.text,
    ages.map(({ registry }) => registry),
  )
  return (
    <Empty icon={SearchX} title={query.text.trim() === '' ? 'No tags yet' : 'No tag matches'}>
      {unknownKeys.map(({ key, near }) => (
        <p key={key}>
          No image has the label {key}.
          {near.length > 0 && (
            <>
              {' '}
              Did you mean{' '}
              {near.map((other, index) => (
                <span key={other}>
                  {index > 0 && ' or '}
                  <Link
                    href={searchHref({ q: query.text.replace(key, other) })}
                    className="text-accent underline underline-offset-2"
                  >
                    {other}
                  </Link>
                </span>
              ))}
              ?
            </>
          )}
        </p>
      ))}
      {other !== undefined && (
        <p>
          Did you mean{' '}
          <Link href={searchHref({ q: other })} className="text-accent underline underline-offset-2">
            {other}
          </Link>
          ?
        </p>
      )}
      {unread > 0 && (
        <p>{plural(unread, 'repository hasn’t', 'repositories haven’t')} been read yet, so there may be more.</p>
      )}
      {unknownKeys.length === 0 && other === undefined && unread === 0 && (
        <p>{query.text.trim() === '' ? nothingKnown(ages) : 'Remove a term, or search for part of a name.'}</p>
      )}
    </Empty>
  )
}
