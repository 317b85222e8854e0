import { apiRoute } from '@/app/api/api-route'
import { downloadResponse } from '@/app/api/download-response'
import { exportPlan } from '@/lib/data/plans/export-plan'

const MEDIA_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8' } as const

/** A whole plan with its outcomes, as JSON or CSV. */
export const GET = apiRoute<{ id: string }>(async ({ actor, query }, { id }) => {
  const format = query.get('format') === 'json' ? 'json' : 'csv'
  const body = await exportPlan(actor, id, format)
  return downloadResponse(body, { filename: `plan-${id}.${format}`, mediaType: MEDIA_TYPES[format] })
})
