import { z } from 'zod'
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '../../oci/reference.ts'

/** A registry's report of a possible change. It's a hint: the registry's own answer is what's recorded. */
export interface Notice {
  readonly repository: RepositoryName
  /** Absent: something in the repository. */
  readonly tag?: Tag
  /** The registry's name for the actor. */
  readonly actor?: string
}

/** Notices of one request. A registry that sends more in one is asked less exactly: by its next sync. */
const MOST = 1_000
const LONGEST_NAME = 200

/**
 * Reads what registries send: distribution's envelope, CloudEvents as zot and Harbor send them, Harbor's and Quay's own
 * webhooks. Events about pulls and scans, and names that aren't valid, are left out.
 * @param type of a CloudEvent whose attributes are in headers: `ce-type`
 * @returns undefined for a document of another kind
 */
export function parseNotification(document: unknown, type?: string): readonly Notice[] | undefined {
  const events = Array.isArray(document) ? document : [document]
  const parsed = events.slice(0, MOST).map((event) => parseEvent(event, type))
  if (parsed.some((notices) => notices === undefined)) return undefined
  return parsed.flatMap((notices) => notices ?? []).slice(0, MOST)
}

function parseEvent(event: unknown, type: string | undefined): readonly Notice[] | undefined {
  for (const read of [readDistribution, readHarbor, readQuay]) {
    const notices = read(event)
    if (notices) return notices
  }
  const cloud = z
    .object({ specversion: z.string(), type: z.string(), data: z.unknown(), operator: name })
    .safeParse(event)
  if (cloud.success) return readCloudEvent(cloud.data.type, cloud.data.data, cloud.data.operator)
  return type === undefined ? undefined : readCloudEvent(type, event, undefined)
}

const name = z.string().optional().catch(undefined)

// https://distribution.github.io/distribution/about/notifications/
const envelope = z.object({
  events: z.array(
    z.object({
      action: z.string(),
      target: z.object({ repository: name, tag: name }).optional(),
      actor: z.object({ name }).optional().catch(undefined),
    }),
  ),
})

function readDistribution(event: unknown): readonly Notice[] | undefined {
  const parsed = envelope.safeParse(event)
  if (!parsed.success) return undefined
  return parsed.data.events
    .slice(0, MOST)
    .filter(({ action }) => action !== 'pull')
    .flatMap(({ target, actor }) => noticeOf(target?.repository, target?.tag, actor?.name))
}

// https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/
const harborData = z.object({
  repository: z.object({ repo_full_name: name }),
  resources: z.array(z.object({ tag: name })).optional(),
})
const harbor = z.object({ type: z.string(), operator: name, event_data: harborData })

function readHarbor(event: unknown): readonly Notice[] | undefined {
  const parsed = harbor.safeParse(event)
  return parsed.success ? harborNotices(parsed.data.type, parsed.data.event_data, parsed.data.operator) : undefined
}

function harborNotices(type: string, { repository, resources = [] }: z.output<typeof harborData>, operator?: string) {
  if (/pull|scan/i.test(type)) return []
  // Of an artifact with several tags one is named (goharbor/harbor#18820): all are gone.
  const tags = /delete/i.test(type) ? [] : resources.slice(0, MOST).map(({ tag }) => tag)
  return (tags.length > 0 ? tags : [undefined]).flatMap((tag) => noticeOf(repository.repo_full_name, tag, operator))
}

// https://docs.projectquay.io/use_quay.html, "Repository push"
const quay = z.object({ repository: z.string(), docker_url: z.string(), updated_tags: z.array(z.string()).optional() })

function readQuay(event: unknown): readonly Notice[] | undefined {
  const parsed = quay.safeParse(event)
  if (!parsed.success) return undefined
  const { repository, updated_tags: tags = [] } = parsed.data
  return (tags.length > 0 ? tags.slice(0, MOST) : [undefined]).flatMap((tag) => noticeOf(repository, tag, undefined))
}

// https://zotregistry.dev/latest/articles/events/: the reference is a tag or a digest.
const zotData = z.object({ name: z.string(), reference: name })

function readCloudEvent(type: string, data: unknown, operator: string | undefined): readonly Notice[] | undefined {
  const fromHarbor = harborData.safeParse(data)
  if (fromHarbor.success) return harborNotices(type, fromHarbor.data, operator)
  const fromZot = zotData.safeParse(data)
  if (!fromZot.success || !type.startsWith('zotregistry.')) return undefined
  if (/lint/i.test(type)) return []
  return noticeOf(fromZot.data.name, fromZot.data.reference, undefined)
}

function noticeOf(repository: string | undefined, tag: string | undefined, actor: string | undefined): Notice[] {
  if (repository === undefined || !isRepositoryName(repository)) return []
  return [
    {
      repository,
      ...(tag !== undefined && isTag(tag) && { tag }),
      ...(actor && { actor: actor.slice(0, LONGEST_NAME) }),
    },
  ]
}
