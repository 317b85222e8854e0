import { Readable } from 'node:stream'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { attempt } from '@/lib/data/attempt'
import { readBlob } from '@/lib/data/read-blob'
import { hexOf } from '@/lib/oci/digest'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** A blob as a download: never rendered by the browser, whatever it claims to be. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/blob/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'digest') return problemResponse()
  const actor = await currentActor()
  const blob = await attempt(() => readBlob(actor, registry, path.repository, path.digest, { signal: request.signal }))
  if (!blob.ok) return problemResponse(blob.problem)
  return new Response(Readable.toWeb(blob.value.stream) as ReadableStream, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(blob.value.size),
      'content-disposition': `attachment; filename="${hexOf(path.digest).slice(0, 12)}.blob"`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  })
}
