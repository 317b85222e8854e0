import { eventStream } from '@/app/api/event-stream'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { followTags } from '@/lib/data/tags/follow-tags'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** Events while the tags of a repository are listed, and with `?resolve` read: `progress` with `{done, total, isListing}`, then `end`. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/resolution/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'path') return problemResponse()
  const actor = await currentActor()
  const resolve = new URL(request.url).searchParams.has('resolve')
  return eventStream(request.signal, (signal) => followTags(actor, registry, path.path, { resolve, signal }))
}
