import { problemResponse } from '@/app/api/problem-response'

/** Any address below /api that no other route has: scripts read JSON. */
const notFound = () => problemResponse()

export const GET = notFound
export const POST = notFound
export const PUT = notFound
export const PATCH = notFound
export const DELETE = notFound
export const dynamic = 'force-dynamic'
