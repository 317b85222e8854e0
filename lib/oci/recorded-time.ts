/**
 * The time that a document gives; undefined for Go's zero time, which ko, crane and cosign write for "not set", and for
 * what isn't a time.
 */
export function recordedTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.startsWith('0001-01-01T') || Number.isNaN(Date.parse(value))) return undefined
  return value
}
