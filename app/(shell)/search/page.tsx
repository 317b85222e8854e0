import type { Metadata } from 'next'
import { CatalogAges } from '@/components/search/catalog-ages'
import { ExportMenu } from '@/components/search/export-menu'
import { QueryChips } from '@/components/search/query-chips'
import { QueryMistakes } from '@/components/search/query-mistakes'
import { queryHref } from '@/components/search/query-place'
import { QueryWords } from '@/components/search/query-words'
import { SaveSearch } from '@/components/search/save-search'
import { SavedSearches } from '@/components/search/saved-searches'
import { SearchFacets } from '@/components/search/search-facets'
import { SearchField } from '@/components/search/search-field'
import { SearchPages } from '@/components/search/search-pages'
import { SearchResults } from '@/components/search/search-results'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readSearch, type SearchResult } from '@/lib/data/search/read-search'
import { maySaveSearches, readSavedSearches } from '@/lib/data/search/saved-searches'
import { visitor } from '@/lib/data/visitor'
import { formatCount, plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { searchHref } from '@/lib/routes/href'
import { loadSearchParams } from '@/lib/routes/search-page'
import { type SearchPageState, searchPageQuery } from '@/lib/routes/search-page-query'

export const metadata: Metadata = { title: 'Search' }

export default async function SearchPage({ searchParams }: PageProps<'/search'>) {
  const state = await loadSearchParams(searchParams)
  const actor = await visitor()
  const found = await attempt(() => readSearch(actor, state))
  const saved = await attempt(() => readSavedSearches(actor))
  const result = found.ok ? found.value : undefined
  return (
    <>
      <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <h1 className="text-xl font-semibold tracking-tight" aria-live="polite">
              {result ? titleOf(result) : 'Search'}
            </h1>
            {result && <CatalogAges ages={result.ages} />}
          </div>
          {result && <QueryWords words={result.query.words} />}
        </div>
        <div className="flex flex-wrap gap-2">
          {result && result.counts.tags > 0 && (
            <ExportMenu place={{ kind: 'search', state }} count={exportCount(result)} />
          )}
          {state.q.trim() !== '' && maySaveSearches(actor) && (
            <SaveSearch
              href={searchHref(searchPageQuery({ ...state, after: null, seen: 0, open: [] }))}
              suggested={state.q.trim().slice(0, 100)}
            />
          )}
        </div>
      </header>
      <SearchField place={{ kind: 'search', state }} hasMistakes={(result?.query.mistakes.length ?? 0) > 0} />
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
              The regular expression was tried on the most frequent names and values only.
            </p>
          )}
          <SearchResults result={result} state={state} />
          <SearchPages result={result} state={state} />
        </div>
      </div>
    </>
  )
}

function titleOf({ counts: { tags, repositories, isComplete } }: SearchResult): string {
  const count = `${plural(tags, 'tag')} in ${plural(repositories, 'repository', 'repositories')}`
  return isComplete ? count : `At least ${count}`
}

function exportCount({ counts: { tags, isComplete } }: SearchResult): string {
  return isComplete ? formatCount(tags) : 'all'
}
