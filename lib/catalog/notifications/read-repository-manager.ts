import { z } from 'zod'
import { type Notice, name, noticesUnder } from './notice.ts'

// https://help.sonatype.com/en/example-headers-and-payloads.html
const nexusItem = z.object({ format: z.string(), name: z.string(), version: name })
const nexus = z.object({
  repositoryName: z.string(),
  action: z.string(),
  initiator: name,
  component: nexusItem.optional(),
  asset: nexusItem.optional(),
})

export function readNexus(event: unknown): readonly Notice[] | undefined {
  const parsed = nexus.safeParse(event)
  if (!parsed.success) return undefined
  const { repositoryName: key, component, asset, initiator } = parsed.data
  // "admin/127.0.0.1"
  const actor = initiator?.replace(/\/[^/]*$/, '')
  if (component?.format === 'docker') return noticesUnder(key, component.name, component.version, actor)
  if (asset?.format !== 'docker') return component || asset ? [] : undefined
  // A manifest: `v2/team/app/manifests/1.2`. Blobs are assets as well.
  const [, image, reference] = /^\/?v2\/(.+)\/manifests\/([^/]+)$/.exec(asset.name) ?? []
  return noticesUnder(key, image, reference, actor)
}

// https://docs.jfrog.com/administration/docs/event-types
const artifactory = z.object({
  domain: z.string(),
  event_type: z.string(),
  data: z.object({ repo_key: name, image_name: name, tag: name }),
})

export function readArtifactory(event: unknown): readonly Notice[] | undefined {
  const parsed = artifactory.safeParse(event)
  if (!parsed.success) return undefined
  const { domain, data } = parsed.data
  return domain === 'docker' ? noticesUnder(data.repo_key, data.image_name, data.tag) : []
}
