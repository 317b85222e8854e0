import { z } from 'zod'
import { MOST_NOTICES, type Notice, name, noticeOf } from './notice.ts'

// https://distribution.github.io/distribution/about/notifications/. GitLab’s registry sends the same.
const event = z.object({
  action: z.string(),
  target: z.object({ repository: name, tag: name }).optional(),
  actor: z.object({ name }).optional().catch(undefined),
})
const envelope = z.object({ events: z.array(event) })

export function readDistribution(document: unknown): readonly Notice[] | undefined {
  const parsed = envelope.safeParse(document)
  return parsed.success ? parsed.data.events.slice(0, MOST_NOTICES).flatMap(noticesOf) : undefined
}

// https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference: one such event on its own.
const azure = event.extend({ id: z.string(), timestamp: z.string() })

export function readAzure(document: unknown): readonly Notice[] | undefined {
  const parsed = azure.safeParse(document)
  return parsed.success ? noticesOf(parsed.data) : undefined
}

function noticesOf({ action, target, actor }: z.output<typeof event>): readonly Notice[] {
  return action === 'pull' ? [] : noticeOf(target?.repository, target?.tag, actor?.name)
}
