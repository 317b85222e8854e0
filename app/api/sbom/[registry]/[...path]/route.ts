import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { downloadSbom } from '@/lib/data/manifest/read-sbom'
import { hexOf } from '@/lib/oci/digest'
import { attempt } from '@/lib/problem/attempt'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** A bill of materials, taken out of the envelope that it came in. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/sbom/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  const index = Number(new URL(request.url).searchParams.get('index') ?? 0)
  if (!registry || path?.kind !== 'digest' || !Number.isInteger(index) || index < 0) return problemResponse()
  const actor = await currentActor()
  const sbom = await attempt(() => downloadSbom(actor, registry, path.repository, path.digest, index))
  if (!sbom.ok) return problemResponse(sbom.problem)
  const { text, extension } = sbom.value
  return downloadResponse(text, { filename: `${hexOf(path.digest).slice(0, 12)}-${index}.${extension}` })
}
