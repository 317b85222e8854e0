import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { downloadSignature } from '@/lib/data/manifest/read-referrers'
import { hexOf } from '@/lib/oci/digest'
import { attempt } from '@/lib/problem/attempt'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** A signature of the registry's own store, as it is. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/signature/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  const name = new URL(request.url).searchParams.get('name')
  if (!registry || path?.kind !== 'digest' || !name) return problemResponse()
  const actor = await currentActor()
  const content = await attempt(() => downloadSignature(actor, registry, path.repository, path.digest, name))
  if (!content.ok) return problemResponse(content.problem)
  const filename = `${hexOf(path.digest).slice(0, 12)}.signature`
  return downloadResponse(new Uint8Array(content.value), { filename })
}
