'use server'

import { z } from 'zod'
import type { TagState } from '@/lib/data/changes/change-tags'
import { type CompletenessView, checkImage } from '@/lib/data/jobs/check-image'
import { type CopySourceView, readCopySource } from '@/lib/data/jobs/copy-source'
import { copyTargets, readDestination } from '@/lib/data/jobs/copy-targets'
import { cancelJob, countUnfinished, type JobView, retryJob, startCheck, startCopy } from '@/lib/data/jobs/jobs'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'
import { digest, registryName, repositoryName, repositoryScope, tag, tagOrDigest } from './schemas'

/** The registries that something can be copied to. */
export async function listCopyTargets(): Promise<Attempt<string[]>> {
  return act(z.undefined(), undefined, async (actor) => copyTargets(actor))
}

const sourceInput = repositoryScope.extend({ reference: tagOrDigest })

/** What is at a reference that is to be copied: its digest, and the platforms to choose from. */
export async function lookUpSource(input: {
  registry: string
  repository: string
  reference: string
}): Promise<Attempt<CopySourceView>> {
  return act(sourceInput, input, (actor, { reference, ...scope }) => readCopySource(actor, scope, reference))
}

const destinationInput = repositoryScope.extend({ tag })

/** What a tag is now where something is to be copied to, and whether it may be overwritten. */
export async function lookUpDestination(input: {
  registry: string
  repository: string
  tag: string
}): Promise<Attempt<TagState>> {
  return act(destinationInput, input, (actor, { tag, ...scope }) => readDestination(actor, scope, tag))
}

const copyInput = z.strictObject({
  source: z.strictObject({ registry: registryName, repository: repositoryName, digest, selector: tagOrDigest }),
  destination: z.strictObject({
    registry: registryName,
    repository: repositoryName,
    tag,
    expect: digest.nullable(),
  }),
  platforms: z.array(z.string().max(100)).min(1).max(64).nullable(),
  referrers: z.boolean(),
})

export async function copyImage(input: {
  source: { registry: string; repository: string; digest: string; selector: string }
  destination: { registry: string; repository: string; tag: string; expect: string | null }
  platforms: readonly string[] | null
  referrers: boolean
}): Promise<Attempt<JobView>> {
  return act(copyInput, input, startCopy)
}

const imageInput = repositoryScope.extend({ digest })

/** What an image lacks, found without reading its content. */
export async function checkCompleteness(input: {
  registry: string
  repository: string
  digest: string
}): Promise<Attempt<CompletenessView>> {
  return act(imageInput, input, (actor, { registry, repository, digest }) =>
    checkImage(actor, registry, repository, digest),
  )
}

const fullCheckInput = imageInput.extend({ selector: tagOrDigest })

/** Has every byte of an image hashed, as a job. */
export async function hashWholeImage(input: {
  registry: string
  repository: string
  digest: string
  selector: string
}): Promise<Attempt<JobView>> {
  return act(fullCheckInput, input, startCheck)
}

const jobId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

export async function cancel(id: string): Promise<Attempt<JobView>> {
  return act(jobId, id, cancelJob)
}

export async function retry(id: string): Promise<Attempt<JobView>> {
  return act(jobId, id, retryJob)
}

/** How many jobs are not finished. */
export async function countJobs(): Promise<Attempt<number>> {
  return act(z.undefined(), undefined, countUnfinished)
}
