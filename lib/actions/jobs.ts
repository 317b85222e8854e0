'use server'

import { z } from 'zod'
import type { TagState } from '@/lib/data/changes/tag-state'
import { digest, placeInput, selector, tag } from '@/lib/data/input'
import { type CompletenessView, checkImage, checkInput } from '@/lib/data/jobs/check-image'
import { copyInput } from '@/lib/data/jobs/copy-job'
import { type CopySourceView, readCopySource } from '@/lib/data/jobs/copy-source'
import { copyTagsInput } from '@/lib/data/jobs/copy-tags-job'
import { type CopyTagsPreview, copyTagsPreviewInput, previewCopyTags } from '@/lib/data/jobs/copy-tags-preview'
import { copyTargets, readDestination } from '@/lib/data/jobs/copy-targets'
import {
  cancelJob,
  countUnfinished,
  type JobView,
  retryJob,
  startCheck,
  startCopy,
  startCopyTags,
} from '@/lib/data/jobs/jobs'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** The registries that something can be copied to. */
export async function listCopyTargets(): Promise<Attempt<string[]>> {
  return act(z.undefined(), undefined, async (actor) => copyTargets(actor))
}

const sourceInput = placeInput.extend({ reference: selector })

/** The source of a copy: its digest, and the platforms to choose from. */
export async function lookUpSource(input: z.input<typeof sourceInput>): Promise<Attempt<CopySourceView>> {
  return act(sourceInput, input, (actor, { reference, ...place }) => readCopySource(actor, place, reference))
}

const destinationInput = placeInput.extend({ tag })

/** What the destination tag of a copy points at now, and whether it may be overwritten. */
export async function lookUpDestination(input: z.input<typeof destinationInput>): Promise<Attempt<TagState>> {
  return act(destinationInput, input, (actor, { tag, ...place }) => readDestination(actor, place, tag))
}

export async function copyImage(input: z.input<typeof copyInput>): Promise<Attempt<JobView>> {
  return act(copyInput, input, startCopy)
}

/** How many tags a copy would take, and which of them the destination has. */
export async function lookUpCopyTags(input: z.input<typeof copyTagsPreviewInput>): Promise<Attempt<CopyTagsPreview>> {
  return act(copyTagsPreviewInput, input, previewCopyTags)
}

/** Copies several tags, or a whole repository, as one job. */
export async function copyTags(input: z.input<typeof copyTagsInput>): Promise<Attempt<JobView>> {
  return act(copyTagsInput, input, startCopyTags)
}

const imageInput = placeInput.extend({ digest })

/** Which content an image is missing, found without downloading it. */
export async function checkCompleteness(input: z.input<typeof imageInput>): Promise<Attempt<CompletenessView>> {
  return act(imageInput, input, (actor, { digest, ...place }) => checkImage(actor, place, digest))
}

/** Hashes every byte of an image, as a job. */
export async function hashWholeImage(input: z.input<typeof checkInput>): Promise<Attempt<JobView>> {
  return act(checkInput, input, startCheck)
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
