import { expect, test } from 'vitest'
import { problemResponse } from './problem-response'

test('a token that isn’t accepted is answered with the way to send one, and nothing else is', () => {
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
