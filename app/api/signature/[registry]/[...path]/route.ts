import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { downloadSignature } from '@/lib/data/manifest/read-referrers'
import { hexOf } from '@/lib/oci/digest'

/** A signature of the registry's own store, as it is. */
export const GET = registryRoute(['digest'], async ({ actor, registry, path, query }) => {
  const name = query.get('name')
  if (!name) return problemResponse()
  const content = await downloadSignature(actor, { registry, repository: path.repository }, path.digest, name)
  return downloadResponse(new Uint8Array(content), { filename: `${hexOf(path.digest).slice(0, 12)}.signature` })
})
