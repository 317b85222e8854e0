import { z } from 'zod'
import { isAccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { plural } from '../../format/bytes.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import type { JobItem } from '../../jobs/job.ts'
import { JobError } from '../../jobs/job-error.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, type RegistryErrorKind } from '../../registry/errors.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { placeInput } from '../input.ts'
import { openRepository } from '../registries/open.ts'
import { selectedTags, tagSelection } from '../tags/selected-tags.ts'
import { runCopy } from './copy-job.ts'
import { jobKind } from './job-kind.ts'
import { actorBehind } from './job-owner.ts'

/** The input of a copy of several tags. Each tag is copied as it is when its turn comes. */
export const copyTagsInput = z.strictObject({
  source: placeInput,
  destination: placeInput,
  select: tagSelection,
  /** What happens to a tag that points at another image at the destination. */
  existing: z.enum(['keep', 'overwrite']),
  referrers: z.boolean(),
})
export type CopyTagsInput = z.output<typeof copyTagsInput>

/** The right that it needs at its destination. */
export function copyTagsVerb({ existing }: CopyTagsInput): 'create-tag' | 'overwrite-tag' {
  return existing === 'overwrite' ? 'overwrite-tag' : 'create-tag'
}

export const copyTagsJob = jobKind('copy-tags', copyTagsInput, async (input, job, context) =>
  copyTags(() => actorBehind(job.owner), input, context),
)

/** Images that are copied at once; the layers of each are too. */
const IMAGES_AT_ONCE = 2
/** Expected outcomes are listed up to this number; unexpected ones always are. */
const LISTED_SUCCESSES = 500
/** When this many tags in a row fail for one of these reasons, the others would too. */
const GIVE_UP_AFTER = 3
const HOPELESS: readonly RegistryErrorKind[] = ['unreachable', 'timeout', 'tls', 'unauthorized', 'rate-limited']

/**
 * Copies tags one after the other, each in a change of its own. One that fails doesn't hold up the others; existing
 * content is left as it is, so that starting over continues.
 * @param rights looked up again for each tag: rights that are withdrawn stop it
 * @throws JobError `partly`, RegistryError, AccessError
 */
async function copyTags(
  rights: () => Promise<Actor>,
  input: CopyTagsInput,
  { signal, report, add }: Pick<JobContext, 'signal' | 'report' | 'add'>,
): Promise<void> {
  const actor = await rights()
  const from = openRepository(actor, 'browse', input.source)
  const to = openRepository(actor, copyTagsVerb(input), input.destination)
  const { tags } = await selectedTags(from, input.source, input.select)
  const counts = { copied: 0, there: 0, kept: 0, failed: 0, sent: 0 }
  const moving = new Map<Tag, number>()
  let listed = 0
  const tell = () => {
    const sent = [...moving.values()].reduce((sum, bytes) => sum + bytes, counts.sent)
    const done = counts.copied + counts.there + counts.kept + counts.failed
    report({ done, total: tags.length, counts: { ...counts, sent } })
  }
  const end = (outcome: 'copied' | 'there' | 'kept' | 'failed', item: JobItem) => {
    counts[outcome]++
    if (outcome === 'failed' || outcome === 'kept' || listed++ < LISTED_SUCCESSES) add(item)
    tell()
  }
  const allowed = async () => {
    const now = await rights()
    await recordingRefusal(now, copyTagsVerb(input), input.destination, () => {
      openRepository(now, 'browse', input.source)
      openRepository(now, copyTagsVerb(input), input.destination)
    })
    return now
  }
  const copyOne = async (tag: Tag, digest: Digest, referrers: boolean) => {
    const now = await allowed()
    const there = await digestAt(to, tag, { signal })
    if (there === digest && !referrers) return end('there', { name: tag, outcome: 'already there', detail: digest })
    if (there && there !== digest && input.existing === 'keep')
      return end('kept', { name: tag, outcome: 'kept', detail: `It points at another image there: ${there}` })
    const copy = {
      source: { ...input.source, digest, selector: tag },
      destination: { ...input.destination, tag, expect: there && there !== digest ? there : null },
      platforms: null,
      referrers,
      override: undefined,
    }
    const before = counts.sent
    await runCopy(now, copy, {
      signal,
      report: ({ counts: { sent = 0 } }) => {
        moving.set(tag, sent)
        tell()
      },
      // Its own outcome is the tag's; what was left out besides is listed beside it.
      add: (item) => item.outcome !== 'copied' && add({ ...item, name: `${tag}: ${item.name}` }),
    }).finally(() => {
      counts.sent = before + (moving.get(tag) ?? 0)
      moving.delete(tag)
    })
    end(there === digest ? 'there' : 'copied', {
      name: tag,
      outcome: there === digest ? 'already there' : 'copied',
      detail: digest,
    })
  }
  let hopeless = 0
  const alone = async (tag: Tag, work: () => Promise<void>) => {
    try {
      await work()
      hopeless = 0
    } catch (error) {
      signal.throwIfAborted()
      if (isAccessError(error)) throw error
      end('failed', { name: tag, outcome: 'failed', detail: problemOf(error).detail })
      hopeless = HOPELESS.some((kind) => isRegistryError(error, kind)) ? hopeless + 1 : 0
      if (hopeless >= GIVE_UP_AFTER) throw error
    }
  }
  tell()
  for (const part of partsOf(tags)) {
    await allowed()
    const groups = new Map<Digest, Tag[]>()
    const look = async (tag: Tag) => {
      const { digest } = await from.resolve(tag, { signal })
      groups.set(digest, [...(groups.get(digest) ?? []), tag])
    }
    await mapConcurrent(part, (tag) => alone(tag, () => look(tag)), { signal })
    const copyGroup = async ([digest, names]: readonly [Digest, readonly Tag[]]) => {
      // Referrers are copied once, with the first tag of their image.
      for (const [position, tag] of names.entries())
        await alone(tag, () => copyOne(tag, digest, input.referrers && position === 0))
    }
    await mapConcurrent([...groups], copyGroup, { limit: IMAGES_AT_ONCE, signal })
  }
  if (counts.failed > 0)
    throw new JobError('partly', `${counts.failed} of ${plural(tags.length, 'tag')} couldn’t be copied`)
}

/** Tags whose digests are looked up together: what a tag points at should not be old when its turn comes. */
const PART = 200

function* partsOf(tags: readonly Tag[]): Generator<readonly Tag[]> {
  for (let at = 0; at < tags.length; at += PART) yield tags.slice(at, at + PART)
}
