import { Readable } from 'node:stream'
import { apiRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import { inDownloadSlot } from '@/lib/data/archives/download-slots'
import type { Export } from '@/lib/data/exports/export'
import { exportActivity } from '@/lib/data/exports/export-activity'
import { exportLabelReport } from '@/lib/data/exports/export-label-report'
import { exportSearch } from '@/lib/data/exports/export-search'
import { EXPORT_FORMATS, exportText } from '@/lib/data/exports/export-text'
import { exportFindings } from '@/lib/data/policy/export-findings'
import { inputProblem } from '@/lib/problem/problem-of'
import { loadHistoryParams, loadLabelsParams, loadPolicyParams, loadSearchParams } from '@/lib/routes/page-params'

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
} as const

/** A result in full, with the query of its page in the URL. Reading stops when the browser disconnects. */
export const GET = apiRoute<{ what: string }>(async ({ actor, sender, query, signal }, { what }) => {
  const format = EXPORT_FORMATS.find((each) => each === query.get('format'))
  if (!format)
    return problemResponse(inputProblem([`The format is one of ${EXPORT_FORMATS.join(', ')}: add format=csv.`]))
  const open = (): Promise<Export> | undefined => {
    if (what === 'search') return exportSearch(actor, loadSearchParams(query), signal)
    if (what === 'policy') return exportFindings(actor, loadPolicyParams(query))
    if (what === 'activity') return exportActivity(actor, loadHistoryParams(query), signal)
    return what === 'labels' ? exportLabelReport(actor, loadLabelsParams(query), signal) : undefined
  }
  const opening = open()
  if (!opening) return problemResponse()
  const { name, columns, pages } = await opening
  const { stream } = await inDownloadSlot(sender, async () => ({
    stream: Readable.from(exportText(format, columns, pages), { highWaterMark: 1 }),
  }))
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, {
    filename: `${name}.${format}`,
    mediaType: MEDIA_TYPES[format],
  })
})
