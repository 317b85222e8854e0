import { registryRoute } from '@/app/api/api-route'
import { eventStream } from '@/app/api/event-stream'
import { followChanges } from '@/lib/data/history/follow-changes'

/** Events for a page of a repository that stays open: `progress` when one of its tags has changed. */
export const GET = registryRoute(['path'], ({ actor, sender, registry, path, signal }) =>
  eventStream(sender, signal, (until) => followChanges(actor, { registry, repository: path.path }, until)),
)
