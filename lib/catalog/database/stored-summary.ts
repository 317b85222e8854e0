import type { Tag } from '../../oci/reference.ts'
import { firstLabels, type RowSummary } from '../row-summary.ts'
import { originalError, storedError } from './stored-error.ts'

export type ManifestSummary = Omit<RowSummary, 'tag'>

/** The summary of a manifest for a table row, as text: shared by all its tags. */
export function storedSummary({ problem, ...summary }: ManifestSummary): string {
  const { tag: _, ...plain } = summary as RowSummary
  return JSON.stringify({ ...plain, ...(problem && { problem: storedError(problem) }) })
}

type Stored = Omit<ManifestSummary, 'problem' | 'labelCount'> & {
  readonly problem?: string
  /** Absent in what earlier versions wrote, which has all labels. */
  readonly labelCount?: number
}

/** The summary that `storedSummary` was given. */
export function originalSummary(tag: Tag, stored: string): RowSummary {
  // Only `storedSummary` writes it.
  const { problem, labels, labelCount, ...summary } = JSON.parse(stored) as Stored
  return {
    tag,
    ...summary,
    ...firstLabels(labels, labelCount),
    ...(problem !== undefined && { problem: originalError(problem) }),
  }
}

/** Milliseconds since the epoch; undefined where the image doesn't say. */
export function createdAt({ created }: ManifestSummary): number | undefined {
  const at = Date.parse(created ?? '')
  return at >= 0 ? at : undefined
}
