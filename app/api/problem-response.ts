import { ABSENCE, isAbsence } from '@/lib/problem/access-problem'
import type { Problem } from '@/lib/problem/problem'

const STATUS: Readonly<Record<string, number>> = {
  'access.token': 401,
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
  'access.too-many': 429,
}

/** A route's answer to a failure; without one, not found. Denied looks like absent. */
export function problemResponse(problem: Problem = ABSENCE): Response {
  const isAbsent = isAbsence(problem)
  const status = isAbsent ? 404 : (STATUS[problem.code] ?? (/^(?:format|input)/.test(problem.code) ? 400 : 502))
  // RFC 9110 15.5.2: a 401 says how to authenticate; RFC 6750 3.1 names the error.
  const challenge = status === 401 && { 'www-authenticate': 'Bearer error="invalid_token"' }
  const headers = { 'cache-control': 'no-store', ...challenge }
  return Response.json(isAbsent ? ABSENCE : problem, { status, headers })
}
