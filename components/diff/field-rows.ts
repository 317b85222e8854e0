import type { FieldChange, FieldValue } from '../../lib/data/manifest/read-diff.ts'
import { formatDuration } from '../../lib/format/time.ts'
import type { ChangeRow } from './change-table.tsx'

/** What isn't simply the field's name in words. */
const NAMES: Partial<Record<FieldChange['name'], string>> = {
  os: 'OS',
  osVersion: 'OS version',
  cmd: 'Command',
  onBuild: 'On build',
  exposedPorts: 'Ports',
  healthcheck: 'Health check',
  healthcheckInterval: 'Health check interval',
  healthcheckTimeout: 'Health check timeout',
  healthcheckStartPeriod: 'Health check start period',
  healthcheckRetries: 'Health check retries',
}

/** In nanoseconds, as Docker keeps them. */
const DURATIONS: readonly FieldChange['name'][] = [
  'healthcheckInterval',
  'healthcheckTimeout',
  'healthcheckStartPeriod',
]

/** Config fields as rows, with readable names and values; lists have one item per line. */
export function fieldRows(fields: readonly FieldChange[]): ChangeRow[] {
  return fields.map(({ name, before, after, state }) => ({
    key: name,
    name: NAMES[name] ?? wordsOf(name),
    state,
    ...(before !== undefined && { before: textOf(name, before) }),
    ...(after !== undefined && { after: textOf(name, after) }),
  }))
}

function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (letter) => letter.toUpperCase())
}

function textOf(name: FieldChange['name'], value: FieldValue): string {
  if (typeof value === 'number' && DURATIONS.includes(name)) return formatDuration(value / 1e6)
  return Array.isArray(value) ? value.join('\n') : String(value)
}
