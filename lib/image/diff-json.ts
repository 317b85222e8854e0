import { structuredPatch } from 'diff'
import { FormatError } from '../oci/format-error.ts'
import { parseJson } from '../oci/json.ts'

export interface JsonDiff {
  /** `formatting`: other bytes, so another digest, but the same document. */
  readonly state: 'same' | 'formatting' | 'different'
  readonly hunks: readonly JsonHunk[]
  readonly addedLines: number
  readonly removedLines: number
  /** False when looking for the smallest difference was given up; the one hunk then replaces all between the common ends. */
  readonly minimal: boolean
}

/** A stretch of changed lines with some unchanged ones around it. Line numbers begin at 1. */
export interface JsonHunk {
  readonly beforeStart: number
  readonly beforeLines: number
  readonly afterStart: number
  readonly afterLines: number
  readonly lines: readonly DiffLine[]
}

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed'
  readonly text: string
  readonly before?: number
  readonly after?: number
}

/** Work grows with its square. */
const MAX_EDITS = 4_000
const MAX_MILLISECONDS = 250

/**
 * Compares two JSON documents line by line as they read when indented by two spaces. What is not JSON is compared as text.
 * @param context unchanged lines to show around a change
 */
export function diffJson(before: Uint8Array, after: Uint8Array, context = 3): JsonDiff {
  const [a, b] = [prettyPrint(before), prettyPrint(after)]
  if (a === b) {
    const same = Buffer.from(before).equals(after)
    return { state: same ? 'same' : 'formatting', hunks: [], addedLines: 0, removedLines: 0, minimal: true }
  }
  const bounds = { context, maxEditLength: MAX_EDITS, timeout: MAX_MILLISECONDS }
  const patch = structuredPatch('', '', a, b, undefined, undefined, bounds)
  const hunks = patch
    ? patch.hunks.map((hunk) => numberLines(hunk.oldStart, hunk.newStart, hunk.lines))
    : [replaceMiddle(a.split('\n'), b.split('\n'), context)]
  const countOf = (kind: DiffLine['kind']) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0)
  return {
    state: 'different',
    hunks,
    addedLines: countOf('added'),
    removedLines: countOf('removed'),
    minimal: patch !== undefined,
  }
}

function prettyPrint(bytes: Uint8Array): string {
  try {
    return `${JSON.stringify(parseJson(bytes), null, 2)}\n`
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const text = new TextDecoder().decode(bytes)
    return text.endsWith('\n') ? text : `${text}\n`
  }
}

/** @param lines each with a space, `+` or `-` before its text */
function numberLines(beforeStart: number, afterStart: number, lines: readonly string[]): JsonHunk {
  let [before, after] = [beforeStart, afterStart]
  const numbered = lines.map((line): DiffLine => {
    const text = line.slice(1)
    if (line.startsWith('-')) return { kind: 'removed', text, before: before++ }
    if (line.startsWith('+')) return { kind: 'added', text, after: after++ }
    return { kind: 'context', text, before: before++, after: after++ }
  })
  return { beforeStart, beforeLines: before - beforeStart, afterStart, afterLines: after - afterStart, lines: numbered }
}

function replaceMiddle(a: readonly string[], b: readonly string[], context: number): JsonHunk {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const start = Math.max(0, head - context)
  const [endA, endB] = [a.length - tail, b.length - tail]
  // The last item is what follows the final line feed: not a line.
  const after = a.slice(endA, -1).slice(0, context)
  return numberLines(start + 1, start + 1, [
    ...a.slice(start, head).map((line) => ` ${line}`),
    ...a.slice(head, endA).map((line) => `-${line}`),
    ...b.slice(head, endB).map((line) => `+${line}`),
    ...after.map((line) => ` ${line}`),
  ])
}
