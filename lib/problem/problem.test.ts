import { describe, expect, test, vi } from 'vitest'
import { AccessError } from '../access/access-error.ts'
import { compileFilter } from '../filter/compile-filter.ts'
import { FormatError } from '../oci/format-error.ts'
import { RegistryError } from '../registry/errors.ts'
import { inputProblem, problemOf } from './problem.ts'

test('a failure of the registry says what happened, why and what to do', () => {
  const error = new RegistryError('denied', 'hub.example refuses', {
    status: 403,
    codes: ['DENIED'],
    detail: 'no pull',
  })
  expect(problemOf(error)).toEqual({
    code: 'registry.denied',
    title: 'The registry does not allow this',
    detail: 'Hub.example refuses: no pull (status 403, DENIED).',
    advice: expect.stringContaining('account'),
  })
})

test('a name at the beginning keeps its spelling', () => {
  const error = new RegistryError('not-found', 'team/app has no 1.4', { repository: 'team/app' })
  expect(problemOf(error).detail).toBe('team/app has no 1.4.')
})

test('a conflict carries both digests', () => {
  const problem = problemOf(new RegistryError('conflict', 'moved', { expected: 'sha256:a', found: 'sha256:b' }))
  expect(problem).toMatchObject({ expected: 'sha256:a', found: 'sha256:b' })
})

test('a malformed name says what form it should have', () => {
  expect(problemOf(new FormatError('tag', '..', 'letters')).advice).toBe('Expected letters.')
})

test('a filter that cannot be used says where it is wrong and how one looks', () => {
  expect(attemptFilter('(a')).toMatchObject({
    code: 'format.pattern',
    title: 'This filter cannot be used',
    detail: 'Missing closing ).',
    advice: expect.stringContaining('for example ^team-(a|b)'),
  })
  expect(attemptFilter('(a)\\1')).toMatchObject({ detail: 'Invalid escape sequence: \\1.' })
  expect(attemptFilter('a'.repeat(101))).toMatchObject({ advice: 'Expected at most 100 characters.' })
})

function attemptFilter(pattern: string) {
  try {
    compileFilter({ pattern })
  } catch (error) {
    return problemOf(error)
  }
}

describe('what is refused', () => {
  test.each(['denied', 'sign-in', 'read-only', 'foreign-origin'] as const)('%s has words of its own', (code) => {
    const problem = problemOf(new AccessError(code))
    expect(problem.code).toBe(`access.${code}`)
    expect(problem.advice).toBeTruthy()
  })
})

test('a fault of the program tells nothing of its inside, and is logged', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const problem = problemOf(new Error('password=hunter2'))
  expect(JSON.stringify(problem)).not.toContain('hunter2')
  expect(log).toHaveBeenCalledOnce()
  log.mockRestore()
})

test('an input that does not fit says why', () => {
  expect(inputProblem(['That is not a tag.']).detail).toBe('That is not a tag.')
})
