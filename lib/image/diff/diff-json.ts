import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import { align } from './align.ts'

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
  /** 0 when lines were only added and no context was asked for: they then stand before `beforeStart`. */
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
  const { lines, minimal } = diffLines(a.split('\n').slice(0, -1), b.split('\n').slice(0, -1))
  return {
    state: 'different',
    hunks: groupHunks(lines, context),
    addedLines: lines.filter((line) => line.kind === 'added').length,
    removedLines: lines.filter((line) => line.kind === 'removed').length,
    minimal,
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

function diffLines(a: readonly string[], b: readonly string[]): { lines: DiffLine[]; minimal: boolean } {
  const { pairs, complete } = align(a, b)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...pairs, [a.length, b.length] as const]) {
    for (; i < x; i++) lines.push({ kind: 'removed', text: a[i] ?? '', before: i + 1 })
    for (; j < y; j++) lines.push({ kind: 'added', text: b[j] ?? '', after: j + 1 })
    if (x < a.length) lines.push({ kind: 'context', text: a[x] ?? '', before: ++i, after: ++j })
  }
  return { lines, minimal: complete }
}

function groupHunks(lines: readonly DiffLine[], context: number): JsonHunk[] {
  const ranges: { start: number; end: number }[] = []
  for (const [position, line] of lines.entries()) {
    if (line.kind === 'context') continue
    const last = ranges.at(-1)
    const [start, end] = [Math.max(0, position - context), Math.min(lines.length, position + context + 1)]
    if (last && start <= last.end) last.end = end
    else ranges.push({ start, end })
  }
  const passed = { before: 0, after: 0, position: 0 }
  return ranges.map(({ start, end }) => {
    for (; passed.position < start; passed.position++) {
      if (lines[passed.position]?.before) passed.before++
      if (lines[passed.position]?.after) passed.after++
    }
    const part = lines.slice(start, end)
    return {
      beforeStart: passed.before + 1,
      beforeLines: part.filter((line) => line.before).length,
      afterStart: passed.after + 1,
      afterLines: part.filter((line) => line.after).length,
      lines: part,
    }
  })
}
