import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { CatalogAges } from '@/components/search/catalog-ages'
import { ExportQuery } from '@/components/search/export-query'
import { SearchField } from '@/components/search/late-parts'
import { QueryChips } from '@/components/search/query-chips'
import { QueryMistakes } from '@/components/search/query-mistakes'
import { queryHref } from '@/components/search/query-place'
import { QueryWords } from '@/components/search/query-words'
import { SaveSearch } from '@/components/search/save-search'
import { SavedSearches } from '@/components/search/saved-searches'
import { SearchFacets } from '@/components/search/search-facets'
import { SearchPages } from '@/components/search/search-pages'
import { SearchResults } from '@/components/search/search-results'
import { RecordsNotice } from '@/components/shell/records-notice'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { withheldRegistry } from '@/lib/access/authorize'
import { readSearch, type SearchResult } from '@/lib/data/search/read-search'
import { maySaveSearches, readSavedSearches } from '@/lib/data/search/saved-searches'
import { visitor } from '@/lib/data/visitor'
import { formatCount, plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { searchHref } from '@/lib/routes/href'
import { loadSearchParams } from '@/lib/routes/page-params'
import { type SearchPageState, searchPageQuery } from '@/lib/routes/search-page-query'

export const metadata: Metadata = { title: 'Search' }

export default async function SearchPage({ searchParams }: PageProps) {
  const state = await loadSearchParams(searchParams)
  const actor = await visitor()
  const found = await attempt(() => readSearch(actor, state), actor)
  const saved = await attempt(() => readSavedSearches(actor), actor)
  const result = found.ok ? found.value : undefined
  const isMistaken = result !== undefined && result.query.mistakes.length > 0
  return (
    <>
      <PageHead
        title={result ? titleOf(result) : 'Search'}
        isAnswer
        about={
          result && (
            <>
              <QueryWords words={result.query.words} />
              <CatalogAges ages={result.ages} />
            </>
          )
        }
      >
        {result && result.counts.tags > 0 && !isMistaken && (
          <ExportQuery place={{ kind: 'search', state }} count={exportCount(result)} />
        )}
        {state.q.trim() !== '' && !isMistaken && maySaveSearches(actor) && (
          <SaveSearch
            href={searchHref(searchPageQuery({ ...state, after: null, seen: 0, open: [] }))}
            suggested={state.q.trim().slice(0, 100)}
          />
        )}
      </PageHead>
      <SearchField place={{ kind: 'search', state }} hasMistakes={isMistaken} />
      <RecordsNotice registry={withheldRegistry(actor)} />
      {saved.ok && <SavedSearches searches={saved.value} />}
      {found.ok ? <Found result={found.value} state={state} /> : <ProblemNotice problem={found.problem} />}
    </>
  )
}

function Found({ result, state }: { result: SearchResult; state: SearchPageState }) {
  const hrefOf = (q: string) => queryHref({ kind: 'search', state }, q)
  return (
    <>
      <QueryChips terms={result.query.terms} hrefOf={hrefOf} />
      <QueryMistakes query={result.query} />
      <div className="mt-5 flex flex-col gap-x-6 gap-y-4 lg:flex-row lg:items-start">
        <SearchFacets counts={result.counts} query={result.query} hrefOf={hrefOf} />
        <div className="min-w-0 flex-1">
          {result.isPartial && (
            <p className="mb-2 text-xs text-warn">
              Only a part of the names, values and digests was searched: more may match.
            </p>
          )}
          {((result.hidesReferrers && result.groups.length > 0) || state.referrers) && (
            <p className="mb-2 text-xs text-muted">
              {state.referrers
                ? 'These include tags that only hold signatures and other referrers. '
                : 'Tags that only hold signatures and other referrers are hidden. '}
              <Link
                href={searchHref(searchPageQuery({ ...state, referrers: !state.referrers, after: null, seen: 0 }))}
                scroll={false}
                className="font-medium text-accent underline-offset-2 hover:underline"
              >
                {state.referrers ? 'Hide them' : 'Show them'}
              </Link>
            </p>
          )}
          <SearchResults result={result} state={state} />
          <SearchPages result={result} state={state} />
        </div>
      </div>
    </>
  )
}

function titleOf({ counts: { tags, repositories, isComplete }, mayFindMore }: SearchResult): string {
  if (tags === 0 && isComplete) return mayFindMore ? 'No tags found so far' : 'No tags found'
  const count = `${plural(tags, 'tag')} in ${plural(repositories, 'repository', 'repositories')}`
  return isComplete && !mayFindMore ? count : `At least ${count}`
}

function exportCount({ counts: { tags, isComplete } }: SearchResult): string {
  return isComplete ? formatCount(tags) : 'all'
}
