import { Readable } from 'node:stream'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { inDownloadSlot } from '@/lib/data/archives/download-slots'
import { readArchive } from '@/lib/data/archives/read-archive'
import { attempt } from '@/lib/problem/attempt'
import { isArchiveFormat } from '@/lib/routes/archive-format'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** An image as a download. The reading ends when the browser goes away. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/archive/[format]/[registry]/[...path]'>,
): Promise<Response> {
  const { format, registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || !isArchiveFormat(format) || (path?.kind !== 'tag' && path?.kind !== 'digest'))
    return problemResponse()
  const { repository } = path
  const reference = path.kind === 'tag' ? path.tag : path.digest
  const platform = new URL(request.url).searchParams.get('platform')
  const actor = await currentActor()
  const archive = await attempt(() =>
    inDownloadSlot(() =>
      readArchive(
        actor,
        { registry, repository, reference, format, ...(platform && { platform }) },
        { signal: request.signal },
      ),
    ),
  )
  if (!archive.ok) return problemResponse(archive.problem)
  const { stream, ...file } = archive.value
  const mediaType = 'application/x-tar'
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, { ...file, mediaType })
}
