import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { exportLabels } from '@/lib/data/manifest/export-labels'
import { loadManifestParams } from '@/lib/routes/page-params'

const MEDIA_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8' } as const

/** The labels of a manifest page in full, as JSON or CSV. */
export const GET = registryRoute(['tag', 'digest'], async ({ actor, registry, path, query }) => {
  const format = query.get('format') === 'csv' ? 'csv' : 'json'
  const place = { registry, repository: path.repository }
  const selector = path.kind === 'tag' ? path.tag : path.digest
  const labels = await exportLabels(actor, place, selector, loadManifestParams(query), format)
  return downloadResponse(labels, { filename: `labels.${format}`, mediaType: MEDIA_TYPES[format] })
})
