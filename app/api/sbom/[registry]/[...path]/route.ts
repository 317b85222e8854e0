import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { downloadSbom, exportPackages } from '@/lib/data/manifest/read-sbom'
import { hexOf } from '@/lib/oci/digest'

/** An SBOM, extracted from its envelope; with `format=csv`, its packages. */
export const GET = registryRoute(['digest'], async ({ actor, registry, path: { repository, digest }, query }) => {
  const place = { registry, repository }
  const index = Number(query.get('index') ?? 0)
  if (!Number.isInteger(index) || index < 0) return problemResponse()
  const name = `${hexOf(digest).slice(0, 12)}-${index}`
  if (query.get('format') === 'csv') {
    const filter = { index, filter: query.get('filter') ?? '', licence: query.get('licence') ?? undefined }
    const packages = await exportPackages(actor, place, digest, filter)
    return downloadResponse(packages, { filename: `${name}-packages.csv`, mediaType: 'text/csv; charset=utf-8' })
  }
  const { text, extension } = await downloadSbom(actor, place, digest, index)
  return downloadResponse(text, { filename: `${name}.${extension}` })
})
