import { expect, test } from 'vitest'
import { problemResponse } from './problem-response'

test('a request that needs another token is answered with the way to send one, and nothing else is', () => {
  const missing = problemResponse({ code: 'access.no-token', title: 'Send one', detail: 'Only with one.' })
  expect(missing.status).toBe(401)
  expect(missing.headers.get('www-authenticate')).toBe('Bearer')
  const { status, headers } = problemResponse({ code: 'access.token', title: 'Not valid', detail: 'It has expired.' })
  expect(status).toBe(401)
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  const { status: refused, headers: why } = problemResponse({
    code: 'access.token-scope',
    title: 'Not for this',
    detail: 'It reads.',
  })
  expect(refused).toBe(403)
  expect(why.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
  expect(problemResponse().headers.get('www-authenticate')).toBeNull()
})
