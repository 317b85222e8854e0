import { formatBytes } from '../../lib/format/bytes.ts'

/** `+1.4 MiB`; undefined where a side is unknown or nothing changed. */
export function changeOf(before: number | undefined, after: number | undefined): string | undefined {
  if (before === undefined || after === undefined || before === after) return undefined
  return `${after > before ? '+' : '−'}${formatBytes(Math.abs(after - before))}`
}
