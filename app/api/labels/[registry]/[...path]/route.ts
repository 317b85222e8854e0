import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { exportLabels } from '@/lib/data/manifest/export-labels'
import { attempt } from '@/lib/problem/attempt'
import { loadManifestParams } from '@/lib/routes/manifest-page'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

const MEDIA_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8' } as const

/** The labels of a manifest page in full, as JSON or CSV. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/labels/[registry]/[...path]'>,
): Promise<Response> {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || (path?.kind !== 'tag' && path?.kind !== 'digest')) return problemResponse()
  const { searchParams } = new URL(request.url)
  const format = searchParams.get('format') === 'csv' ? 'csv' : 'json'
  const actor = await currentActor()
  const place = { registry, repository: path.repository }
  const reference = path.kind === 'tag' ? path.tag : path.digest
  const labels = await attempt(() => exportLabels(actor, place, reference, loadManifestParams(searchParams), format))
  if (!labels.ok) return problemResponse(labels.problem)
  return downloadResponse(labels.value, { filename: `labels.${format}`, mediaType: MEDIA_TYPES[format] })
}
