import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { readRawManifest } from '@/lib/data/manifest/read-manifest'

/** A manifest's exact text. */
export const GET = registryRoute(['digest'], async ({ actor, registry, path }) => {
  const { text } = await readRawManifest(actor, { registry, repository: path.repository }, path.digest)
  return downloadResponse(text, { filename: 'manifest.json', mediaType: 'application/json' })
})
