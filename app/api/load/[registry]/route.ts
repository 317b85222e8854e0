import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { problemResponse } from '@/app/api/problem-response'
import { assertOwnPage, currentActor } from '@/lib/access/session'
import { load } from '@/lib/data/archives/load-archive'
import { isRepositoryName } from '@/lib/oci/reference'
import { attempt } from '@/lib/problem/attempt'
import { decode } from '@/lib/routes/registry-path'

/** Takes an archive as it comes, and answers with what it held. Ends when the browser goes away: nothing is tagged then. */
export async function PUT(request: Request, { params }: RouteContext<'/api/load/[registry]'>): Promise<Response> {
  const registry = decode((await params).registry)
  const query = new URL(request.url).searchParams
  const repository = query.get('repository') ?? undefined
  const { body, signal } = request
  if (!registry || !body || (repository !== undefined && !isRepositoryName(repository))) return problemResponse()
  const loaded = await attempt(async () => {
    await assertOwnPage()
    const actor = await currentActor()
    const target = { registry, ...(repository && { repository }), overwrite: query.get('overwrite') === '1' }
    return load(actor, target, Readable.fromWeb(body as NodeStream<Uint8Array>), { signal })
  })
  if (!loaded.ok) return problemResponse(loaded.problem)
  return Response.json(loaded.value, { headers: { 'cache-control': 'no-store' } })
}
