import { ExportQuery } from '@/components/search/export-query'
import type { LabelsPage } from '@/lib/data/labels/read-labels'
import type { Place } from '@/lib/oci/place'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { LabelTimeline } from './label-timeline'
import { MatrixView } from './matrix-view'
import { ValueTable } from './value-table'

interface RepositoryLabelsProps {
  place: Place
  page: LabelsPage
  state: LabelsPageState
}

/** The labels of a repository's tags: a row for each tag, a column for each chosen key. */
export function RepositoryLabels({ place, page, state }: RepositoryLabelsProps) {
  const { values, timeline } = page
  const scoped = `registry:${place.registry} repo:${place.repository} ${state.q}`.trim()
  if (values)
    return (
      <ValueTable values={values} state={state}>
        {timeline && <LabelTimeline timeline={timeline} place={place} />}
      </ValueTable>
    )
  return (
    <MatrixView page={page} state={state}>
      {page.query.mistakes.length === 0 && <ExportQuery place={{ kind: 'labels', state: { ...state, q: scoped } }} />}
    </MatrixView>
  )
}
