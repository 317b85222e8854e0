import type { JsonDiff } from '@/lib/data/manifest/read-diff'
import { cutText } from '@/lib/format/folding'

type JsonHunk = JsonDiff['hunks'][number]

/** What one page shows: more is read in the raw documents. */
const MOST_LINES = 1_000
const MOST_TEXT = 100_000
/** Characters of a line. */
const LONGEST = 1_000

/** As many lines as fit on a page, with long ones cut. */
export function shownHunks(hunks: readonly JsonHunk[]): { readonly hunks: JsonHunk[]; readonly isWhole: boolean } {
  const fitting: JsonHunk[] = []
  let [lines, text] = [MOST_LINES, MOST_TEXT]
  for (const hunk of hunks) {
    const cut = []
    for (const line of hunk.lines) {
      if (lines === 0 || text <= 0) break
      const { shown, left } = cutText(line.text, LONGEST)
      cut.push(left > 0 ? { ...line, text: `${shown}…` } : line)
      lines--
      text -= shown.length
    }
    if (cut.length > 0) fitting.push({ ...hunk, lines: cut })
    if (cut.length < hunk.lines.length) return { hunks: fitting, isWhole: false }
  }
  return { hunks: fitting, isWhole: true }
}
