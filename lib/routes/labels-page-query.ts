import type { Place } from '../oci/place.ts'
import type { LinkQuery } from './link-query.ts'

export const LABEL_VIEWS = ['matrix', 'keys'] as const
export type LabelView = (typeof LABEL_VIEWS)[number]
export const LABEL_ROWS = ['newest', 'all'] as const
export type LabelRows = (typeof LABEL_ROWS)[number]

/** Columns of the matrix at most. */
export const MOST_COLUMNS = 24

/** What the page of labels shows, as it stands in the URL. */
export interface LabelsPageState {
  readonly view: LabelView
  /** One repository, on its own page. Absent: everything. */
  readonly within?: Place
  /** Which tags, in the query language. */
  readonly q: string
  /** The matrix's columns; none: the most frequent keys. */
  readonly keys: readonly string[]
  /** The newest tag of each repository, or all tags. */
  readonly rows: LabelRows
  /** Of the newest tags, from 1. */
  readonly page: number
  /** Where the page before ended, of all tags. */
  readonly after?: string | null
  /** Whose values are shown. */
  readonly key?: string | null
}

/** What of a state is not the default: as it goes into a link. */
export function labelsPageQuery({ view, q, keys, rows, page, after, key }: LabelsPageState): LinkQuery {
  return {
    view: view === 'matrix' ? undefined : view,
    q: q || undefined,
    // Keys may hold commas.
    keys: keys.length > 0 ? keys.map((each) => each.replaceAll(/[%,]/g, encodeURIComponent)).join(',') : undefined,
    rows: rows === 'newest' ? undefined : rows,
    page: page === 1 ? undefined : page,
    after: after ?? undefined,
    key: key ?? undefined,
  }
}
