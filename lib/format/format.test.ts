import { describe, expect, test } from 'vitest'
import { formatBytes, formatExactBytes, plural } from './bytes.ts'
import { shortDigest } from './digest.ts'
import { formatAbsolute, formatRelative } from './time.ts'

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1024, '1.00 KiB'],
    [10_240, '10.0 KiB'],
    [1_048_576, '1.00 MiB'],
    [13_002_341, '12.4 MiB'],
    [1023 * 1024, '1.00 MiB'],
    [574 * 1024 ** 2, '574 MiB'],
  ])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  test('the exact figure has separators and a singular', () => {
    expect(formatExactBytes(13_002_341)).toBe('13,002,341 bytes')
    expect(formatExactBytes(1)).toBe('1 byte')
    expect(plural(1, 'repository', 'repositories')).toBe('1 repository')
    expect(plural(5000, 'repository', 'repositories')).toBe('5,000 repositories')
  })
})

describe('times', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  test.each([
    ['2026-11-21T11:59:55Z', 'just now'],
    ['2026-11-21T11:00:00Z', '1 hour ago'],
    ['2026-11-20T12:00:00Z', 'yesterday'],
    ['2026-08-21T12:00:00Z', '3 months ago'],
    ['1970-01-01T00:00:00Z', '57 years ago'],
    ['not a date', 'not a date'],
  ])('%s reads %s', (iso, text) => expect(formatRelative(iso, now)).toBe(text))

  test('the absolute form names its zone', () =>
    expect(formatAbsolute('2026-03-14T10:26:53.123+01:00')).toBe('2026-03-14 09:26:53 UTC'))
})

test('a digest is shortened to its algorithm and twelve digits', () =>
  expect(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('sha256:0123456789ab'))
