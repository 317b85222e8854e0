import { expect, test } from 'vitest'
import { parseDigest } from '../../lib/oci/digest.ts'
import { indexDifference } from './index-difference.ts'

const digest = parseDigest(`sha256:${'0'.repeat(64)}`)
const entry = (state: 'added' | 'removed' | 'changed' | 'same', attestation = false) => ({
  state,
  attestation,
  ...(state !== 'added' && { before: digest }),
  ...(state !== 'removed' && { after: digest }),
})

test('counts platforms and attestations by the side that has them', () => {
  const removed = [...Array(3).fill(entry('removed')), ...Array(5).fill(entry('removed', true))]
  expect(indexDifference([entry('same'), ...removed])).toBe('3 platforms and 5 attestations are only in Before')
  expect(indexDifference([entry('added'), entry('changed'), entry('changed', true), entry('removed', true)])).toBe(
    '1 platform and 1 attestation differ; 1 attestation is only in Before; 1 platform is only in After',
  )
})

test('ignores equal entries', () => {
  expect(indexDifference([entry('same'), entry('same', true)])).toBe('')
})
