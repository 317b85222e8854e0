import { apiRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { exportAudit } from '@/lib/data/audit/export-audit'

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const

/** The audit log as filtered, in full. */
export const GET = apiRoute(async ({ actor, query }) => {
  const format = query.get('format') === 'csv' ? 'csv' : 'ndjson'
  const rows = await exportAudit(actor, query.get('q') ?? '', format)
  return downloadResponse(rows, { filename: `audit.${format}`, mediaType: MEDIA_TYPES[format] })
})
