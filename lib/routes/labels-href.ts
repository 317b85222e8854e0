import { labelReportHref, repositoryHref } from './href.ts'
import { type LabelsPageState, labelsPageQuery } from './labels-page-query.ts'

/** The page of labels in a state: of everything, or the tab of one repository. */
export function labelsHref(state: LabelsPageState): string {
  const { within } = state
  const query = labelsPageQuery(state)
  return within ? repositoryHref(within, { ...query, view: 'labels' }) : labelReportHref(query)
}
