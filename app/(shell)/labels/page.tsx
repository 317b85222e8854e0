import { ChevronRight, ChevronsLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { KeyPanel } from '@/components/labels/key-panel'
import { KeyTable } from '@/components/labels/key-table'
import { LabelMatrix } from '@/components/labels/label-matrix'
import { LabelsTabs } from '@/components/labels/labels-tabs'
import { MatrixRows } from '@/components/labels/matrix-rows'
import { ValueTable } from '@/components/labels/value-table'
import { CatalogAges } from '@/components/search/catalog-ages'
import { ExportMenu } from '@/components/search/export-menu'
import { QueryMistakes } from '@/components/search/query-mistakes'
import { SearchField } from '@/components/search/search-field'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { type LabelsPage, MATRIX_PAGE_SIZE, type MatrixPage, readLabels } from '@/lib/data/labels/read-labels'
import { visitor } from '@/lib/data/visitor'
import { plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { labelReportHref } from '@/lib/routes/href'
import { loadLabelsParams } from '@/lib/routes/labels-page'
import { type LabelsPageState, labelsPageQuery } from '@/lib/routes/labels-page-query'

export const metadata: Metadata = { title: 'Labels' }

export default async function LabelsScreen({ searchParams }: PageProps<'/labels'>) {
  const state = await loadLabelsParams(searchParams)
  const actor = await visitor()
  const read = await attempt(() => readLabels(actor, state))
  return (
    <>
      <header className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <h1 className="text-xl font-semibold tracking-tight">Labels</h1>
            {read.ok && <CatalogAges ages={read.value.ages} />}
          </div>
          {read.ok && read.value.matrix && <Summary matrix={read.value.matrix} />}
        </div>
        {read.ok && <ExportMenu place={{ kind: 'labels', state }} />}
      </header>
      {read.ok ? <Labels page={read.value} state={state} /> : <ProblemNotice problem={read.problem} />}
    </>
  )
}

function Summary({ matrix: { totals, keys } }: { matrix: MatrixPage }) {
  if (!totals || keys.length === 0) return null
  const atLeast = totals.unread.length > 0 ? 'At least ' : ''
  return (
    <p className="text-sm text-muted">
      <strong className="font-semibold text-ink">
        {atLeast}
        {totals.lackAny} of {plural(totals.rows, 'repository', 'repositories')}
      </strong>{' '}
      {totals.lackAny === 1 ? 'lacks' : 'lack'} at least one of these labels on the newest tag
      {totals.unread.length > 0 &&
        `; ${plural(totals.unread.length, "repository hasn't", "repositories haven't")} been read yet`}
      .
    </p>
  )
}

function Labels({ page, state }: { page: LabelsPage; state: LabelsPageState }) {
  const { matrix, values, keys, query } = page
  return (
    <>
      <LabelsTabs state={state} keys={keys.length} />
      {values && <ValueTable values={values} state={state} />}
      {!values && !matrix && <KeyTable keys={keys} state={state} />}
      {matrix && (
        <>
          <div className="mb-4 flex flex-wrap items-start gap-2">
            <div className="min-w-60 flex-1">
              <SearchField place={{ kind: 'labels', state }} hasMistakes={query.mistakes.length > 0} />
              <QueryMistakes query={query} />
            </div>
            <MatrixRows state={state} />
          </div>
          <div className="flex flex-col gap-6 lg:flex-row lg:items-start">
            <KeyPanel keys={keys} chosen={matrix.keys} state={state} />
            <div className="min-w-0 flex-1">
              <LabelMatrix matrix={matrix} state={state} />
              <MatrixPages matrix={matrix} state={state} />
            </div>
          </div>
        </>
      )}
    </>
  )
}

function MatrixPages({ matrix: { totals, next }, state }: { matrix: MatrixPage; state: LabelsPageState }) {
  if (totals)
    return (
      <Pager
        count={totals.rows}
        size={MATRIX_PAGE_SIZE}
        page={totals.page}
        hrefOf={(page) => labelReportHref(labelsPageQuery({ ...state, page }))}
      />
    )
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-1.5">
      {state.after && (
        <Link
          href={labelReportHref(labelsPageQuery({ ...state, after: null }))}
          className={buttonStyles({ size: 'sm' })}
        >
          <ChevronsLeft aria-hidden /> First page
        </Link>
      )}
      {next !== undefined && (
        <Link
          href={labelReportHref(labelsPageQuery({ ...state, after: next }))}
          className={buttonStyles({ size: 'sm' })}
        >
          Next page <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  )
}
