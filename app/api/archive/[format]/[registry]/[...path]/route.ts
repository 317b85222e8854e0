import { Readable } from 'node:stream'
import { registryRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { readArchive } from '@/lib/data/archives/read-archive'
import { inDownloadSlot } from '@/lib/data/request-slots'
import { isArchiveFormat } from '@/lib/routes/archive-format'

interface Params {
  readonly format: string
  readonly registry: string
  readonly path: string[]
}

/** An image as a download. Reading stops when the browser disconnects. */
export const GET = registryRoute(
  ['tag', 'digest'],
  async ({ actor, sender, registry, path, query, signal }, { format }: Params) => {
    if (!isArchiveFormat(format)) return problemResponse()
    const reference = path.kind === 'tag' ? path.tag : path.digest
    const platform = query.get('platform') || undefined
    const request = { registry, repository: path.repository, reference, format, platform }
    const { stream, ...file } = await inDownloadSlot(sender, () => readArchive(actor, request, { signal }))
    return downloadResponse(Readable.toWeb(stream) as ReadableStream, { ...file, mediaType: 'application/x-tar' })
  },
)
