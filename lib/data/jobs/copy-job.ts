import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { forgetNames } from '../../catalog/repository-names.ts'
import { forgetTags } from '../../catalog/tag-list.ts'
import type { CopyProgress } from '../../image/copy/blob-mover.ts'
import { copyImage } from '../../image/copy/copy.ts'
import type { JobWork } from '../../jobs/jobs.ts'
import { isDigest } from '../../oci/digest.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { isRepositoryName, isTag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'
import { actorBehind } from './job-owner.ts'

const repository = z.string().refine(isRepositoryName)
const digest = z.string().refine(isDigest)

/** A copy as it is asked for. */
export const copyInputSchema = z.strictObject({
  source: z.strictObject({
    registry: z.string(),
    repository,
    /** What is copied, whatever its tag points at by then. */
    digest,
    /** The tag or digest it was chosen by. */
    selector: z.string(),
  }),
  destination: z.strictObject({
    registry: z.string(),
    repository,
    tag: z.string().refine(isTag),
    /** What the tag pointed at when the user confirmed; `null`: it did not exist. */
    expect: digest.nullable(),
  }),
  /** Of an index only these; `null`: all. */
  platforms: z.array(z.string()).min(1).max(64).nullable(),
  referrers: z.boolean(),
})
export type CopyInput = z.infer<typeof copyInputSchema>

/** Both sides, opened for who may read the one and write the other. @throws AccessError, RegistryError `not-found` */
export function openCopy(actor: Actor, { source, destination }: CopyInput): { from: Repository; to: Repository } {
  const from = openRepository(actor, 'browse', source)
  const verb = destination.expect === null ? 'create-tag' : 'overwrite-tag'
  return { from, to: openRepository(actor, verb, destination) }
}

export const copyWork: JobWork = async (job, { signal, report, add }) => {
  const input = copyInputSchema.parse(job.input)
  const { source, destination, platforms, referrers } = input
  const actor = actorBehind(job.owner)
  const { from, to } = openCopy(actor, input)
  try {
    const result = await copyImage(
      { repository: from, reference: source.digest },
      { repository: to, reference: destination.tag, expect: destination.expect },
      {
        signal,
        referrers,
        mayOverwrite: allows(actor, 'overwrite-tag', { registry: destination.registry, repository: to.name }),
        ...(platforms && { platforms: platforms.map(parsePlatform) }),
        onProgress: (progress) => report(progressOf(progress)),
      },
    )
    add({ name: `${destination.repository}:${destination.tag}`, outcome: 'copied', detail: result.digest })
    for (const { name, reason } of result.referrers.skipped) add({ name, outcome: 'skipped', detail: reason })
    for (const { digest: absent } of result.leftOut)
      add({ name: absent, outcome: 'skipped', detail: 'An attestation that the source lists but does not hold.' })
    for (const { digest: foreign } of result.foreignLayers)
      add({
        name: foreign,
        outcome: 'left elsewhere',
        detail: 'A foreign layer: its manifest says where it can be had.',
      })
  } finally {
    forgetTags(destination.registry, destination.repository)
    forgetNames(destination.registry)
  }
}

function progressOf({ totalBytes, mountedBytes, skippedBytes, sentBytes, blobs, totalBlobs }: CopyProgress) {
  return {
    done: Math.max(0, mountedBytes + skippedBytes + sentBytes),
    total: totalBytes,
    counts: { mounted: mountedBytes, skipped: skippedBytes, sent: sentBytes, blobs, totalBlobs },
  }
}
