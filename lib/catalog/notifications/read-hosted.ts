import { z } from 'zod'
import { MOST_NOTICES, type Notice, name, noticeOf } from './notice.ts'

// https://docs.projectquay.io/use_quay.html, "Repository push"
const quay = z.object({ repository: z.string(), docker_url: z.string(), updated_tags: z.array(z.string()).optional() })

export function readQuay(event: unknown): readonly Notice[] | undefined {
  const parsed = quay.safeParse(event)
  if (!parsed.success) return undefined
  const { repository, updated_tags: tags = [] } = parsed.data
  return (tags.length > 0 ? tags.slice(0, MOST_NOTICES) : [undefined]).flatMap((tag) => noticeOf(repository, tag))
}

// https://docs.docker.com/docker-hub/repos/manage/webhooks/: sent for pushes only.
const dockerHub = z.object({
  push_data: z.object({ tag: name, pusher: name }),
  repository: z.object({ repo_name: z.string() }),
})

export function readDockerHub(event: unknown): readonly Notice[] | undefined {
  const parsed = dockerHub.safeParse(event)
  if (!parsed.success) return undefined
  const { push_data: push, repository } = parsed.data
  return noticeOf(repository.repo_name, push.tag, push.pusher)
}

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
const ecr = z.object({
  source: z.literal('aws.ecr'),
  'detail-type': z.string(),
  detail: z.object({ result: name, 'repository-name': name, 'image-tag': name }),
})

export function readEcr(event: unknown): readonly Notice[] | undefined {
  const parsed = ecr.safeParse(event)
  if (!parsed.success) return undefined
  const { 'detail-type': type, detail } = parsed.data
  if (type !== 'ECR Image Action' || detail.result === 'FAILURE') return []
  return noticeOf(detail['repository-name'], detail['image-tag'])
}
