import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { CopyProgress } from '../../image/copy/blob-mover.ts'
import { type CopyReport, copyImage } from '../../image/copy/copy.ts'
import type { JobItem } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { change } from '../changes/change.ts'
import type { ChangeTarget } from '../changes/change-target.ts'
import { digest, override, placeInput, selector, tag } from '../input.ts'
import { openRepository } from '../registries/open.ts'
import { jobKind } from './job-kind.ts'
import { actorBehind } from './job-owner.ts'

/** The input of a copy. */
export const copyInput = z.strictObject({
  source: placeInput.extend({
    /** What is copied, whatever its tag points at by then. */
    digest,
    /** The tag or digest it was chosen by. */
    selector,
  }),
  destination: placeInput.extend({
    tag,
    /** What the tag pointed at when the user confirmed; `null`: it did not exist. */
    expect: digest.nullable(),
  }),
  /** Of an index only these; `null`: all. */
  platforms: z.array(z.string().max(100)).min(1).max(64).readonly().nullable(),
  referrers: z.boolean(),
  override,
})
export type CopyInput = z.output<typeof copyInput>

/** The right that a copy needs at its destination. */
export function copyVerb({ destination }: CopyInput): 'create-tag' | 'overwrite-tag' {
  return destination.expect === null ? 'create-tag' : 'overwrite-tag'
}

/** Where a copy writes to, and what the audit log says about it. */
export function copyTarget({
  source,
  override: reason,
  destination: { expect, ...destination },
}: CopyInput): ChangeTarget {
  const { registry, repository, digest } = source
  const detail = { from: `${registry}/${repository}@${digest}` }
  return { ...destination, reason, audit: { action: 'copy-image', before: expect ?? undefined, after: digest, detail } }
}

export const copyJob = jobKind('copy', copyInput, async (input, job, context) =>
  runCopy(await actorBehind(job.owner), input, context),
)

/** The copy itself. @throws AccessError, RegistryError */
export async function runCopy(
  actor: Actor,
  input: CopyInput,
  { signal, report, add }: Pick<JobContext, 'signal' | 'report' | 'add'>,
): Promise<void> {
  const { source, destination, platforms, referrers } = input
  const { tag, expect } = destination
  const from = openRepository(actor, 'browse', source)
  await change(actor, copyVerb(input), copyTarget(input), async ({ repository, keep, note }) => {
    const isWhole = platforms === null
    const overwritten = expect && (await keep.tag(repository, tag, expect, isWhole ? source.digest : null))
    const copied = await copyImage(
      { repository: from, reference: source.digest },
      { repository, reference: tag, expect },
      {
        signal,
        referrers,
        mayOverwrite: allows(actor, 'overwrite-tag', destination),
        platforms: platforms?.map(parsePlatform),
        onProgress: (progress) => report(progressOf(progress)),
      },
    )
    await overwritten?.(copied.digest)
    note({ ...(expect && { before: expect }), after: copied.digest })
    for (const item of outcomesOf(input, copied)) add(item)
  })
}

function outcomesOf({ destination }: CopyInput, { digest, referrers, leftOut, foreignLayers }: CopyReport): JobItem[] {
  return [
    { name: `${destination.repository}:${destination.tag}`, outcome: 'copied', detail: digest },
    ...referrers.skipped.map(({ name, reason }) => ({ name, outcome: 'skipped', detail: reason })),
    ...leftOut.map(({ digest: absent }) => ({
      name: absent,
      outcome: 'skipped',
      detail: 'An attestation that the source lists but doesn’t have.',
    })),
    ...foreignLayers.map(({ digest: foreign }) => ({
      name: foreign,
      outcome: 'left elsewhere',
      detail: 'A foreign layer: its manifest says where to download it.',
    })),
  ]
}

function progressOf({ totalBytes, mountedBytes, skippedBytes, sentBytes, blobs, totalBlobs }: CopyProgress) {
  return {
    done: Math.max(0, mountedBytes + skippedBytes + sentBytes),
    total: totalBytes,
    counts: { mounted: mountedBytes, skipped: skippedBytes, sent: sentBytes, blobs, totalBlobs },
  }
}
