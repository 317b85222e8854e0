import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { readRawManifest } from '@/lib/data/manifest/read-manifest'
import { attempt } from '@/lib/problem/attempt'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

/** A manifest's exact text. */
export async function GET(
  _request: Request,
  { params }: RouteContext<'/api/manifest/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'digest') return problemResponse()
  const actor = await currentActor()
  const raw = await attempt(() => readRawManifest(actor, registry, path.repository, path.digest))
  if (!raw.ok) return problemResponse(raw.problem)
  return downloadResponse(raw.value.text, { filename: 'manifest.json', mediaType: 'application/json' })
}
