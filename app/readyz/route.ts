import { readReadiness } from '@/lib/data/readiness'

/** 200 while this process can serve, else 503 with the reason. */
export async function GET(): Promise<Response> {
  const readiness = await readReadiness()
  return Response.json(readiness, { status: readiness.ready ? 200 : 503 })
}

export const dynamic = 'force-dynamic'
