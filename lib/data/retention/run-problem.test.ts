import { expect, test } from 'vitest'
import { RegistryError } from '../../registry/errors.ts'
import { runProblem } from './run-problem.ts'

test('a failed run tells admins what to check, not to ask one, and gives away no address', () => {
  const error = new RegistryError('unreachable', '10.0.0.7:5000 refuses connections', { host: '10.0.0.7:5000' })
  const { detail, advice } = runProblem(error, 'server-log')
  expect(advice).toMatch(/^Check that it’s running/)
  expect(detail).not.toContain('10.0.0.7')
})
