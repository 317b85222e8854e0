import { eventStream } from '@/app/api/event-stream'
import { problemResponse } from '@/app/api/problem-response'
import { currentActor } from '@/lib/access/session'
import { followJob } from '@/lib/data/jobs/jobs'
import { attempt } from '@/lib/problem/attempt'

/** Events while a job goes on: `progress` with the job, then `end`. */
export async function GET(request: Request, { params }: RouteContext<'/api/jobs/[id]/events'>): Promise<Response> {
  const { id } = await params
  const actor = await currentActor()
  const followed = await attempt(() => followJob(actor, id, request.signal))
  if (!followed.ok) return problemResponse(followed.problem)
  return eventStream(request.signal, () => followed.value)
}
