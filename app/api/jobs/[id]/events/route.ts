import { apiRoute } from '@/app/api/api-route'
import { eventStream } from '@/app/api/event-stream'
import { followJob } from '@/lib/data/jobs/jobs'

/** Events while a job goes on: `progress` with the job, then `end`. */
export const GET = apiRoute<{ id: string }>(async ({ actor, sender, signal }, { id }) =>
  eventStream(sender, signal, await followJob(actor, id)),
)
