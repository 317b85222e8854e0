import { z } from 'zod'
import { type Notice, name, noticeOf } from './notice.ts'

// https://docs.github.com/en/webhooks/webhook-events-and-payloads#package and #registry_package: sent for pushes only.
const githubPackage = z.object({
  package_type: name,
  package_version: z
    .object({
      package_url: name,
      container_metadata: z
        .object({ tag: z.object({ name }).optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
})
const github = z.union([
  z.object({ action: z.string(), registry_package: githubPackage }),
  z.object({ action: z.string(), package: githubPackage }),
])
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#ping: sent when a webhook is added.
const ping = z.object({ zen: z.string(), hook_id: z.number() })
const sender = z.object({ sender: z.object({ login: name }) })

export function readGitHub(event: unknown): readonly Notice[] | undefined {
  if (ping.safeParse(event).success) return []
  const parsed = github.safeParse(event)
  if (!parsed.success) return undefined
  const { package_type: type, package_version: version } =
    'package' in parsed.data ? parsed.data.package : parsed.data.registry_package
  if (!/^(container|docker)$/i.test(type ?? '')) return []
  // `ghcr.io/Owner/name:tag`, of an image without a tag `ghcr.io/Owner/name:`. Owners keep their capitals, images have none.
  const [, repository] = /^[^/]+\/([^:@]+)/.exec(version?.package_url ?? '') ?? []
  const actor = sender.safeParse(event).data?.sender.login
  return noticeOf(repository?.toLowerCase(), version?.container_metadata?.tag?.name, actor)
}
