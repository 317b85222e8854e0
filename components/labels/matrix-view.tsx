import { SearchField } from '@/components/search/late-parts'
import { QueryMistakes } from '@/components/search/query-mistakes'
import type { LabelsPage } from '@/lib/data/labels/read-labels'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { KeyPanel } from './key-panel'
import { LabelMatrix } from './label-matrix'

import { MatrixPages } from './matrix-pages'

interface MatrixViewProps {
  page: LabelsPage
  state: LabelsPageState
  /** Beside the query. */
  children: React.ReactNode
}

/** A query, the keys to choose from, and a row for each tag or repository with its values. */
export function MatrixView({ page: { ages, keys, keyCount, query, matrix }, state, children }: MatrixViewProps) {
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start gap-2">
        <div className="min-w-60 flex-1">
          <SearchField place={{ kind: 'labels', state }} hasMistakes={query.mistakes.length > 0} />
          <QueryMistakes query={query} />
        </div>
        {children}
      </div>
      {matrix && (
        <div className="flex flex-col gap-6 lg:flex-row lg:items-start">
          <KeyPanel keys={keys} total={keyCount} chosen={matrix.keys} state={state} />
          <div className="min-w-0 flex-1">
            <LabelMatrix matrix={matrix} ages={ages} state={state} />
            <MatrixPages matrix={matrix} state={state} />
          </div>
        </div>
      )}
    </>
  )
}
