import { registryRoute } from '@/app/api/api-route'
import { eventStream } from '@/app/api/event-stream'
import { followTags } from '@/lib/data/tags/follow-tags'

/**
 * Events while the tags of a repository are listed, and with `?resolve` read: `progress` with `{done, total, isListing}`,
 * then `end`.
 */
export const GET = registryRoute(['path'], ({ actor, sender, registry, path, query, signal }) => {
  const resolve = query.has('resolve')
  const place = { registry, repository: path.path }
  return eventStream(sender, signal, (until) => followTags(actor, place, { resolve, signal: until }))
})
