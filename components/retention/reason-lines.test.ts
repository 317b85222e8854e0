import { expect, test } from 'vitest'
import type { RetentionRule } from '@/lib/data/retention/policies'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { parseRepositoryName } from '@/lib/oci/reference'
import { reasonLines } from './reason-lines.ts'

const RULES: readonly RetentionRule[] = [
  { keep: 'newer', amount: 90, unit: 'days', by: 'created' },
  { keep: 'last', count: 20, by: 'version', among: '' },
  { keep: 'signed' },
]
const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000
type Explained = PolicySimulation['explained'][number]
const tag = (more: Partial<Explained>): Explained => ({
  id: 1,
  registry: 'hub',
  repository: parseRepositoryName('web/storefront'),
  tag: 'x',
  isKept: true,
  isNewlyGoing: false,
  isUnread: false,
  reasons: [],
  ...more,
})
const texts = (one: Explained) => reasonLines(one, RULES, NOW).map(({ text }) => text)

test('says that an image stays with the index that lists it', () => {
  expect(texts(tag({ platformOf: 'stable', reasons: [{ rule: 2, says: 'not kept' }] }))).toEqual([
    'A platform of stable, which is kept.',
  ])
})

test('names every rule that keeps a tag, with its place and until when', () => {
  const reasons = [
    { rule: 0, says: 'kept', until: NOW + 39 * DAY },
    { rule: 1, says: 'kept', rank: 9 },
    { rule: 2, says: 'kept' },
  ] as const
  expect(texts(tag({ reasons }))).toEqual([
    'Rule 1: newer than 90 days, until 2027-01-07.',
    'Rule 2: 9th newest of 20 by version.',
    'Rule 3: signed.',
  ])
})

test('says by how little each rule misses a tag to delete', () => {
  const reasons = [
    { rule: 0, says: 'not kept', until: NOW - 6 * DAY },
    { rule: 1, says: 'not kept', rank: 22 },
    { rule: 2, says: 'not kept' },
  ] as const
  expect(texts(tag({ isKept: false, reasons }))).toEqual([
    'No rule keeps it.',
    '6 days too old for rule 1.',
    '22nd newest by version: 2 past the limit of rule 2.',
  ])
})

test('says that an unknown fact keeps a tag', () => {
  const lines = reasonLines(tag({ reasons: [{ rule: 0, says: 'unknown' }] }), RULES, NOW)
  expect(lines).toEqual([{ text: 'Rule 1: created unknown. A tag without a date is kept.', isUnknown: true }])
  expect(texts(tag({ isUnread: true, reasons: [{ rule: 2, says: 'unknown' }] }))).toEqual([
    'Not read yet, so it’s kept.',
  ])
  expect(texts(tag({ protectedBy: 'Releases' }))).toEqual(['Protected by the rule Releases.'])
})
