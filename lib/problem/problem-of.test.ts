import { describe, expect, test, vi } from 'vitest'
import { AccessError } from '../access/access-error.ts'
import { compileFilter } from '../filter/compile-filter.ts'
import { FormatError } from '../oci/format-error.ts'
import { RegistryError } from '../registry/errors.ts'
import { isAbsence } from './access-problem.ts'
import { inputProblem, problemOf } from './problem-of.ts'

test('a registry failure says what happened, why and what to do', () => {
  const error = new RegistryError('denied', 'hub.example refuses', {
    status: 403,
    codes: ['DENIED'],
    detail: 'no pull',
  })
  expect(problemOf(error)).toEqual({
    code: 'registry.denied',
    title: 'The registry refused access',
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

test('an invalid filter says where it is wrong and shows a valid one', () => {
  expect(attemptFilter('(a')).toMatchObject({
    code: 'format.pattern',
    title: 'This filter isn’t valid',
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

describe('refusals', () => {
  test.each(['denied', 'sign-in', 'read-only', 'foreign-origin'] as const)('%s has its own text', (code) => {
    const problem = problemOf(new AccessError(code))
    expect(problem.code).toBe(`access.${code}`)
    expect(problem.advice).toBeTruthy()
  })
})

test('a bug reveals nothing about the inside, and is logged', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const problem = problemOf(new Error('password=hunter2'))
  expect(JSON.stringify(problem)).not.toContain('hunter2')
  expect(log).toHaveBeenCalledOnce()
  log.mockRestore()
})

test('an invalid input says why', () => {
  expect(inputProblem(['That is not a tag.']).detail).toBe('That is not a tag.')
})

test('a full disk is reported as such, even deep in the chain of causes', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
  expect(problemOf(new Error('the journal', { cause: full })).code).toBe('storage.full')
  log.mockRestore()
})

test('denied looks exactly like absent, while the registry’s own refusal doesn’t', () => {
  expect(isAbsence(problemOf(new AccessError('denied')))).toBe(true)
  expect(isAbsence(problemOf(new AccessError('sign-in')))).toBe(true)
  expect(isAbsence(problemOf(new RegistryError('not-found', 'gone')))).toBe(true)
  expect(isAbsence(problemOf(new RegistryError('denied', 'no')))).toBe(false)
})
