import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { KeyTable } from '@/components/labels/key-table'
import { LabelsTabs } from '@/components/labels/labels-tabs'
import { MatrixRows } from '@/components/labels/matrix-rows'
import { MatrixView } from '@/components/labels/matrix-view'
import { ValueTable } from '@/components/labels/value-table'
import { CatalogAges } from '@/components/search/catalog-ages'
import { ExportQuery } from '@/components/search/export-query'
import { SaveSearch } from '@/components/search/save-search'
import { RecordsNotice } from '@/components/shell/records-notice'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { withheldRegistry } from '@/lib/access/authorize'
import { type LabelsPage, type MatrixPage, readLabels } from '@/lib/data/labels/read-labels'
import { maySaveSearches } from '@/lib/data/search/saved-searches'
import { visitor } from '@/lib/data/visitor'
import { plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { labelReportHref } from '@/lib/routes/href'
import { type LabelsPageState, labelsPageQuery } from '@/lib/routes/labels-page-query'
import { loadLabelsParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Labels' }

export default async function LabelsScreen({ searchParams }: PageProps) {
  const state = await loadLabelsParams(searchParams)
  const actor = await visitor()
  const read = await attempt(() => readLabels(actor, state), actor)
  const isMistaken = read.ok && read.value.query.mistakes.length > 0
  return (
    <>
      <PageHead
        title="Labels"
        about={
          read.ok && (
            <>
              {read.value.matrix && <Summary matrix={read.value.matrix} />}
              <CatalogAges ages={read.value.ages} />
            </>
          )
        }
      >
        {read.ok && !isMistaken && <ExportQuery place={{ kind: 'labels', state }} />}
        {(state.q.trim() !== '' || state.keys.length > 0) && !isMistaken && maySaveSearches(actor) && (
          <SaveSearch
            href={labelReportHref(labelsPageQuery({ ...state, page: 1, after: null }))}
            suggested={state.q.trim().slice(0, 100)}
          />
        )}
      </PageHead>
      <RecordsNotice registry={withheldRegistry(actor)} />
      {read.ok ? <Labels page={read.value} state={state} /> : <ProblemNotice problem={read.problem} />}
    </>
  )
}

function Summary({ matrix: { totals, keys } }: { matrix: MatrixPage }) {
  if (!totals || totals.rows === 0 || keys.length === 0) return null
  const atLeast = totals.unread.length > 0 ? 'At least ' : ''
  return (
    <p>
      <strong className="font-semibold text-ink">
        {atLeast}
        {totals.lackAny} of {plural(totals.rows, 'repository', 'repositories')}
      </strong>{' '}
      {totals.lackAny === 1 ? 'lacks' : 'lack'} at least one of these labels on the newest tag
      {totals.unread.length > 0 &&
        `; ${plural(totals.unread.length, 'repository hasn’t', 'repositories haven’t')} been read yet`}
      .
    </p>
  )
}

function Labels({ page, state }: { page: LabelsPage; state: LabelsPageState }) {
  const { matrix, values, keys, keyCount } = page
  return (
    <>
      <LabelsTabs state={state} keys={keyCount} />
      {values && <ValueTable values={values} state={state} />}
      {!values && !matrix && <KeyTable keys={keys} total={keyCount} state={state} />}
      {matrix && (
        <MatrixView page={page} state={state}>
          <MatrixRows state={state} />
        </MatrixView>
      )}
    </>
  )
}
