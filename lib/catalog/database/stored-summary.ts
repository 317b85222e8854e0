import type { TagSummary } from '../../image/inspect/summary.ts'
import type { Tag } from '../../oci/reference.ts'
import { originalError, storedError } from './stored-error.ts'

export type ManifestSummary = Omit<TagSummary, 'tag'>

/** The summary of a manifest for a table row, as text: shared by all its tags. */
export function storedSummary({ problem, ...summary }: ManifestSummary): string {
  const { tag: _, ...plain } = summary as TagSummary
  return JSON.stringify({ ...plain, ...(problem && { problem: storedError(problem) }) })
}

/** The summary that `storedSummary` was given. */
export function originalSummary(tag: Tag, stored: string): TagSummary {
  // Only `storedSummary` writes it.
  const { problem, ...summary } = JSON.parse(stored) as Omit<ManifestSummary, 'problem'> & { problem?: string }
  return { tag, ...summary, ...(problem !== undefined && { problem: originalError(problem) }) }
}

/** Milliseconds since the epoch; undefined where the image doesn't say. */
export function createdAt({ created }: ManifestSummary): number | undefined {
  const at = Date.parse(created ?? '')
  return at >= 0 ? at : undefined
}
