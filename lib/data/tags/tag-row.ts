import type { TagRecord } from '../../catalog/catalog.ts'
import type { RowSummary } from '../../catalog/row-summary.ts'
import type { Attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'

/** What the table says of one tag. */
export interface TagRow {
  readonly tag: string
  readonly digest: string
  readonly artifact?: string
  readonly platforms: readonly string[]
  readonly attestations: number
  readonly size?: number
  readonly sizePlatform?: string
  readonly created?: string
  /** When the image came to the registry, where that says so; RFC 3339. */
  readonly uploaded?: string
  /** Why some of it is missing. */
  readonly problem?: Problem
}

/** The same for an image, whatever its tags. */
export type ImageRow = Omit<TagRow, 'tag' | 'uploaded'>

export function tagRow(record: TagRecord, uploaded: string | undefined): Attempt<TagRow> {
  if (!record.ok) return { ok: false, problem: problemOf(record.error) }
  const { tag } = record.summary
  return { ok: true, value: { tag, ...imageRow(record.summary), ...(uploaded && { uploaded }) } }
}

export function imageRow(summary: Omit<RowSummary, 'tag' | 'labels' | 'labelCount'>): ImageRow {
  const { digest, artifact, platforms, attestations, size, sizePlatform, created, problem } = summary
  return {
    digest,
    platforms,
    attestations,
    ...(artifact && { artifact }),
    ...(size !== undefined && { size }),
    ...(sizePlatform && { sizePlatform }),
    ...(created && { created }),
    ...(problem && { problem: problemOf(problem) }),
  }
}
