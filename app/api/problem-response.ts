import type { Problem } from '@/lib/problem/problem'

const STATUS: Readonly<Record<string, number>> = {
  'registry.not-found': 404,
  'access.denied': 404,
  'access.sign-in': 404,
  'registry.denied': 403,
  'access.foreign-origin': 403,
  'access.read-only': 403,
  'registry.conflict': 409,
  'registry.exists': 409,
  'registry.too-large': 413,
  'registry.rate-limited': 429,
}

/** A failure as a route answers it; without one, that there is nothing here. Denied looks like absent. */
export function problemResponse(problem?: Problem): Response {
  const status = problem ? (STATUS[problem.code] ?? (/^(?:format|input)/.test(problem.code) ? 400 : 502)) : 404
  const body =
    problem && status !== 404
      ? problem
      : { code: 'registry.not-found', title: 'Not found', detail: 'There is nothing here, or you may not see it.' }
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
