import { mayReadMetrics } from '@/lib/access/metrics-access'
import { readMetrics } from '@/lib/data/metrics'

/** For Prometheus. Everyone else gets the same answer as for a path that doesn't exist. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMetrics(request.headers)) return new Response('Not found\n', { status: 404 })
  const { text, contentType } = await readMetrics()
  return new Response(text, { headers: { 'content-type': contentType } })
}

export const dynamic = 'force-dynamic'
