import { eventStream } from '@/app/api/event-stream'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { followResolution } from '@/lib/data/tags/read-tags'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** Events while the tags of a repository are resolved: `progress` with `{done, total}`, then `end`. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/resolution/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'path') return problemResponse()
  const actor = await currentActor()
  return eventStream(request.signal, (signal) => followResolution(actor, registry, path.path, signal))
}
