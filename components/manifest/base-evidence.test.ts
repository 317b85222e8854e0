import { expect, test } from 'vitest'
import { baseEvidence } from './base-evidence.ts'

test('how a base is known is said in whole sentences', () => {
  expect(baseEvidence({ layers: 3, isNamed: true })).toBe(
    'Known from its annotation, and its 3 layers come first here.',
  )
  expect(baseEvidence({ layers: 1, isNamed: true })).toBe(
    'Known from its annotation, and its only layer comes first here.',
  )
  expect(baseEvidence({ layers: 1, isNamed: false })).toBe('Known because its only layer comes first here.')
  expect(baseEvidence({ isNamed: true })).toBe('Known from the annotation …image.base.digest alone.')
})
