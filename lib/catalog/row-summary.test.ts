import { describe, expect, it } from 'vitest'
import { parseTag } from '../oci/reference.ts'
import { summary } from './contract/samples.ts'
import { originalSummary } from './database/stored-summary.ts'
import { rowSummary } from './row-summary.ts'

const LABELS = Array.from({ length: 1_000 }, (_, at) => ({
  key: `${at}${'k'.repeat(5_000)}`,
  value: '😀'.repeat(5_000),
  origin: 'config' as const,
}))

describe('the summary of a table row', () => {
  it('stays small, however many and long the labels of the image are, and counts them all', () => {
    const { labels, labelCount } = rowSummary({ ...summary('1', 'a'), labels: LABELS })
    expect(labelCount).toBe(1_000)
    expect(labels).toHaveLength(50)
    expect(labels[49]?.key).toMatch(/^49k{997}…$/)
    for (const { value } of labels) {
      expect(value.length).toBeLessThanOrEqual(1_000)
      expect(value.isWellFormed()).toBe(true)
    }
  })

  it('is read from a database to which an earlier version wrote every label', () => {
    const { labelCount: _, tag, ...earlier } = { ...summary('1', 'a'), labels: LABELS }
    expect(originalSummary(parseTag('2'), JSON.stringify(earlier))).toEqual({
      ...rowSummary({ ...earlier, tag }),
      tag: '2',
    })
  })
})
