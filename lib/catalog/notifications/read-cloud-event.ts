import { z } from 'zod'
import { type Notice, name, noticeOf } from './notice.ts'
import { harborData, harborNotices } from './read-harbor.ts'

const cloudEvent = z.object({ specversion: z.string(), type: z.string(), data: z.unknown(), operator: name })

// https://zotregistry.dev/latest/articles/events/: the reference is a tag or a digest.
const zotData = z.object({ name: z.string(), reference: name })

/**
 * Reads what zot and Harbor send.
 * @param type of an event whose attributes are in headers
 */
export function readCloudEvent(event: unknown, type: string | undefined): readonly Notice[] | undefined {
  const parsed = cloudEvent.safeParse(event)
  if (parsed.success) return noticesOf(parsed.data.type, parsed.data.data, parsed.data.operator)
  return type === undefined ? undefined : noticesOf(type, event, undefined)
}

function noticesOf(type: string, data: unknown, operator: string | undefined): readonly Notice[] | undefined {
  const fromHarbor = harborData.safeParse(data)
  if (fromHarbor.success) return harborNotices(type, fromHarbor.data, operator)
  const fromZot = zotData.safeParse(data)
  if (!fromZot.success || !type.startsWith('zotregistry.')) return undefined
  return /lint/i.test(type) ? [] : noticeOf(fromZot.data.name, fromZot.data.reference)
}
