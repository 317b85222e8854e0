import type { TagSummary } from '../image/inspect/summary.ts'

/** Of a tag's image, what a table shows, and what is still shown of it while its registry can't be reached. */
export type RowSummary = Omit<TagSummary, 'labels'> & {
  /** The first of them: an image may have 100,000, and every row of a table is read with its summary. */
  readonly labels: readonly RowLabel[]
  readonly labelCount: number
}

interface RowLabel {
  readonly key: string
  readonly value: string
}

const MOST_LABELS = 50
/** UTF-16 code units of a key and of a value. */
const LONGEST = 1_000

export function rowSummary<Summary extends Omit<TagSummary, 'tag'>>({ labels, ...summary }: Summary) {
  return { ...summary, ...firstLabels(labels) }
}

/** @param count where more are known of than are given */
export function firstLabels(
  labels: readonly RowLabel[],
  count = labels.length,
): Pick<RowSummary, 'labels' | 'labelCount'> {
  const first = labels.slice(0, MOST_LABELS)
  return { labels: first.map(({ key, value }) => ({ key: cut(key), value: cut(value) })), labelCount: count }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text
}
