import type { FieldChange, FieldValue } from '@/lib/data/manifest/read-diff'
import type { ChangeRow } from './change-table'

/** Config fields as rows, with readable names; lists have one item per line. */
export function fieldRows(fields: readonly FieldChange[]): ChangeRow[] {
  return fields.map(({ name, before, after, state }) => ({
    key: name,
    name: name
      .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      .replace(/^./, (letter) => letter.toUpperCase()),
    state,
    ...(before !== undefined && { before: textOf(before) }),
    ...(after !== undefined && { after: textOf(after) }),
  }))
}

function textOf(value: FieldValue): string {
  return Array.isArray(value) ? value.join('\n') : String(value)
}
