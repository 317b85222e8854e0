import { Readable } from 'node:stream'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { inDownloadSlot } from '@/lib/data/archives/download-slots'
import { readBlob } from '@/lib/data/manifest/read-blob'
import { blobExtension } from '@/lib/format/blob-extension'
import { hexOf } from '@/lib/oci/digest'
import { attempt } from '@/lib/problem/attempt'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** A blob, as it is. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/blob/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'digest') return problemResponse()
  const actor = await currentActor()
  const blob = await attempt(() =>
    inDownloadSlot(() => readBlob(actor, registry, path.repository, path.digest, { signal: request.signal })),
  )
  if (!blob.ok) return problemResponse(blob.problem)
  const { stream, size } = blob.value
  const type = new URL(request.url).searchParams.get('type') ?? ''
  const filename = `${hexOf(path.digest).slice(0, 12)}.${blobExtension(type)}`
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, { filename, size })
}
