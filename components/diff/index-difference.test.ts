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

test('platforms and attestations are counted by the side that has them', () => {
  const removed = [...Array(3).fill(entry('removed')), ...Array(5).fill(entry('removed', true))]
  expect(indexDifference([entry('same'), ...removed])).toBe('3 platforms and 5 attestations are only before')
  expect(indexDifference([entry('added'), entry('changed'), entry('changed', true), entry('removed', true)])).toBe(
    '1 platform and 1 attestation differ; 1 attestation is only before; 1 platform is only after',
  )
})

test('equal entries are no difference', () => {
  expect(indexDifference([entry('same'), entry('same', true)])).toBe('')
})
