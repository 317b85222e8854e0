import { Readable } from 'node:stream'
import { type ApiRequest, apiRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { problemResponse } from '@/app/api/problem-response'
import type { Export } from '@/lib/data/exports/export'
import { exportActivity } from '@/lib/data/exports/export-activity'
import { exportLabelReport } from '@/lib/data/exports/export-label-report'
import { exportSearch } from '@/lib/data/exports/export-search'
import { EXPORT_FORMATS, exportText } from '@/lib/data/exports/export-text'
import { exportFindings } from '@/lib/data/policy/export-findings'
import { inDownloadSlot } from '@/lib/data/request-slots'
import { inputProblem } from '@/lib/problem/problem-of'
import { loadHistoryParams, loadLabelsParams, loadPolicyParams, loadSearchParams } from '@/lib/routes/page-params'

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
} as const

const EXPORTS = new Map<string, (request: ApiRequest) => Promise<Export>>([
  ['search', ({ actor, query, signal }) => exportSearch(actor, loadSearchParams(query), signal)],
  ['policy', ({ actor, query }) => exportFindings(actor, loadPolicyParams(query))],
  ['activity', ({ actor, query, signal }) => exportActivity(actor, loadHistoryParams(query), signal)],
  ['labels', ({ actor, query, signal }) => exportLabelReport(actor, loadLabelsParams(query), signal)],
])

/** A result in full, with the query of its page in the URL. Reading stops when the browser disconnects. */
export const GET = apiRoute<{ what: string }>(async (request, { what }) => {
  const format = EXPORT_FORMATS.find((each) => each === request.query.get('format'))
  if (!format)
    return problemResponse(inputProblem([`The format is one of ${EXPORT_FORMATS.join(', ')}: add format=csv.`]))
  const open = EXPORTS.get(what)
  if (!open) return problemResponse()
  const { stream, name } = await inDownloadSlot(request.sender, async () => {
    const { name, columns, pages } = await open(request)
    return { stream: Readable.from(exportText(format, columns, pages), { highWaterMark: 1 }), name }
  })
  return downloadResponse(Readable.toWeb(stream) as ReadableStream, {
    filename: `${name}.${format}`,
    mediaType: MEDIA_TYPES[format],
  })
})
