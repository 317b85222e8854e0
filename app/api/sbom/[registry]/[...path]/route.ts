import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { downloadSbom } from '@/lib/data/manifest/read-sbom'
import { hexOf } from '@/lib/oci/digest'

/** A bill of materials, taken out of the envelope that it came in. */
export const GET = registryRoute(['digest'], async ({ actor, registry, path, query }) => {
  const index = Number(query.get('index') ?? 0)
  if (!Number.isInteger(index) || index < 0) return problemResponse()
  const { text, extension } = await downloadSbom(actor, registry, path.repository, path.digest, index)
  return downloadResponse(text, { filename: `${hexOf(path.digest).slice(0, 12)}-${index}.${extension}` })
})
