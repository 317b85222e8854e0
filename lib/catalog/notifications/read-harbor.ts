import { z } from 'zod'
import { MOST_NOTICES, type Notice, name, noticeOf } from './notice.ts'

// https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/
export const harborData = z.object({
  repository: z.object({ repo_full_name: name }),
  resources: z.array(z.object({ tag: name })).optional(),
})
const harbor = z.object({ type: z.string(), operator: name, event_data: harborData })

export function readHarbor(event: unknown): readonly Notice[] | undefined {
  const parsed = harbor.safeParse(event)
  return parsed.success ? harborNotices(parsed.data.type, parsed.data.event_data, parsed.data.operator) : undefined
}

export function harborNotices(
  type: string,
  { repository, resources = [] }: z.output<typeof harborData>,
  operator?: string,
): readonly Notice[] {
  if (/pull|scan/i.test(type)) return []
  // Of an artifact with several tags one is named (goharbor/harbor#18820): all are gone.
  const tags = /delete/i.test(type) ? [] : resources.slice(0, MOST_NOTICES).map(({ tag }) => tag)
  return (tags.length > 0 ? tags : [undefined]).flatMap((tag) => noticeOf(repository.repo_full_name, tag, operator))
}
