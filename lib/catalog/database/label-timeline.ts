import type { CatalogDatabase } from './catalog-database.ts'
import { LONGEST_SHOWN } from './cut-value.ts'
import { type LabelCell, matrixRows } from './label-matrix.ts'
import { searchTags } from './search-tags.ts'
import type { TagSearch } from './tag-search.ts'

/** Consecutive images with the same value, in order of creation. */
export interface LabelPeriod {
  readonly cell: LabelCell
  /** Milliseconds since the epoch: of the first and the last of them. */
  readonly from: number
  readonly until: number
  /** The first and the last tag; the same where there is one. */
  readonly tags: readonly [first: string, last: string]
  readonly count: number
}

export interface LabelTimeline {
  /** The newest first. */
  readonly periods: readonly LabelPeriod[]
  /** Tags whose images don't say when they were created. */
  readonly undated: number
  /** False: only the newest tags were read. */
  readonly isComplete: boolean
}

const MOST_TAGS = 1_000

/** Which values a key had in the images of a repository, in the order in which they were created. @throws StoreError */
export async function labelTimeline(
  database: CatalogDatabase,
  search: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  key: string,
): Promise<LabelTimeline> {
  const page = await searchTags(database, { ...search, sort: 'created', limit: MOST_TAGS })
  const rows = await matrixRows(database, page.tags, [key], LONGEST_SHOWN)
  const periods: LabelPeriod[] = []
  let undated = 0
  for (const { tag, cells } of rows) {
    const [cell] = cells
    if (!cell) continue
    if (tag.created === undefined) {
      undated += 1
      continue
    }
    const last = periods.at(-1)
    if (last && JSON.stringify(last.cell) === JSON.stringify(cell))
      periods[periods.length - 1] = {
        ...last,
        from: tag.created,
        tags: [tag.tag, last.tags[1]],
        count: last.count + 1,
      }
    else periods.push({ cell, from: tag.created, until: tag.created, tags: [tag.tag, tag.tag], count: 1 })
  }
  return { periods, undated, isComplete: page.next === undefined }
}
