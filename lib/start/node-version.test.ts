import { expect, it } from 'vitest'
import { nodeVersionProblem } from './node-version.ts'

it('refuses versions of Node that lack what Lading needs, and names both', () => {
  expect(nodeVersionProblem('20.19.2')).toMatch(/needs Node 24 or later, and this is Node 20\.19\.2/)
  expect(nodeVersionProblem('24.0.0')).toBeUndefined()
  expect(nodeVersionProblem('26.1.0')).toBeUndefined()
})
