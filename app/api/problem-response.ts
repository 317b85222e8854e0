import { ABSENCE, isAbsence } from '@/lib/problem/access-problem'
import type { Problem } from '@/lib/problem/problem'

const STATUS: Readonly<Record<string, number>> = {
  'access.token': 401,
  'access.no-token': 401,
  'access.token-scope': 403,
  'registry.denied': 403,
  'access.foreign-origin': 403,
  'access.read-only': 403,
  'registry.conflict': 409,
  'registry.exists': 409,
  'registry.missing-content': 409,
  'registry.too-large': 413,
  'registry.unsupported': 422,
  'registry.rate-limited': 429,
  'job.downloads': 429,
  'job.uploads': 429,
  'job.streams': 429,
  'access.too-many': 429,
}

/** RFC 9110 15.5.2: a 401 says how to authenticate. RFC 6750 3.1 names the error, except where nothing was sent. */
const CHALLENGES: Readonly<Record<string, string>> = {
  'access.no-token': 'Bearer',
  'access.token': 'Bearer error="invalid_token"',
  'access.token-scope': 'Bearer error="insufficient_scope"',
}

/** A route's answer to a failure; without one, not found. Denied looks like absent. */
export function problemResponse(problem: Problem = ABSENCE): Response {
  const isAbsent = isAbsence(problem)
  const status = isAbsent ? 404 : (STATUS[problem.code] ?? (/^(?:format|input)/.test(problem.code) ? 400 : 502))
  const challenge = CHALLENGES[problem.code]
  const headers = { 'cache-control': 'no-store', ...(challenge && { 'www-authenticate': challenge }) }
  return Response.json(isAbsent ? ABSENCE : problem, { status, headers })
}
