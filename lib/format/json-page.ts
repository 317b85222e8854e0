import { type JsonToken, jsonLines } from './json-lines.ts'
import { pageOf } from './page-of.ts'

/** Lines on one page. */
const LINES = 500
/** The most of one line: a document that is a single line is cut too. */
const LINE = 4096

export interface JsonPage {
  readonly lines: readonly (readonly JsonToken[])[]
  /** On all pages. */
  readonly total: number
  readonly page: number
  readonly size: number
  /** Some line is longer than is shown. */
  readonly isCut: boolean
}

/** One page of a JSON text's lines, as tokens. What isn't JSON passes through. */
export function jsonPage(text: string, wanted: number): JsonPage {
  const all = text.split('\n')
  const { items, total, page, size } = pageOf(all, wanted, LINES)
  const shown = items.map((line) => (line.length > LINE ? `${line.slice(0, LINE)}…` : line))
  const before = enclosingArray(all, (page - 1) * size)
  const lines = jsonLines([...(before ? [before] : []), ...shown].join('\n'))
  return {
    lines: before ? lines.slice(1) : lines,
    total,
    page,
    size,
    isCut: items.some((line) => line.length > LINE),
  }
}

/** The line that opens the array in which a page begins: what its items are depends on the array's key. */
function enclosingArray(lines: readonly string[], start: number): string | undefined {
  const indent = (line: string) => line.length - line.trimStart().length
  const depth = indent(lines[start] ?? '')
  for (let at = start - 1; at >= 0; at--) {
    const line = lines[at] ?? ''
    if (indent(line) < depth) return /"\s*:\s*\[$/.test(line) ? line : undefined
  }
  return undefined
}
