import { Readable } from 'node:stream'
import { apiRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { exportAudit } from '@/lib/data/audit/export-audit'
import { inDownloadSlot } from '@/lib/data/request-slots'
import { inputProblem } from '@/lib/problem/problem-of'

const FORMATS = ['csv', 'ndjson'] as const
const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const

/** The audit log as filtered, in full. */
export const GET = apiRoute(async ({ actor, sender, query }) => {
  const format = FORMATS.find((each) => each === (query.get('format') ?? 'ndjson'))
  if (!format) return problemResponse(inputProblem([`The format is one of ${FORMATS.join(', ')}.`]))
  const { stream } = await inDownloadSlot(sender, async () => {
    const rows = await exportAudit(actor, query.get('q') ?? '', format)
    return { stream: Readable.from(rows, { highWaterMark: 1 }) }
  })
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, {
    filename: `audit.${format}`,
    mediaType: MEDIA_TYPES[format],
  })
})
