import { Readable } from 'node:stream'
import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { readBlob } from '@/lib/data/manifest/read-blob'
import { inDownloadSlot } from '@/lib/data/request-slots'
import { blobExtension } from '@/lib/format/blob-extension'
import { hexOf } from '@/lib/oci/digest'

/** A blob, as it is. */
export const GET = registryRoute(['digest'], async ({ actor, sender, registry, path, query, signal }) => {
  const { stream, size } = await inDownloadSlot(sender, () =>
    readBlob(actor, { registry, repository: path.repository }, path.digest, { signal }),
  )
  const filename = `${hexOf(path.digest).slice(0, 12)}.${blobExtension(query.get('type') ?? '')}`
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, { filename, size })
})
