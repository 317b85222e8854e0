import { TagWatch } from '../../image/delete/tag-watch.ts'
import { isReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import type { Repository } from '../../registry/registry.ts'
import type { UnexpectedTag, Verification } from './plan.ts'
import { readItems } from './plan-items.ts'
import { findPlan, setVerified } from './plan-store.ts'

/** Differences that are named. */
const NAMED = 20

/**
 * Checks every tag of the repository: deleted ones must be missing, all others unchanged.
 * @param before what each tag pointed at when the run began or was resumed; what an earlier part has changed unexpectedly
 *   is known from its own verification
 */
export async function verifyRun(plan: string, repository: Repository, before: ReadonlyMap<Tag, Digest>): Promise<void> {
  const at = new Date().toISOString()
  try {
    const items = await readItems(plan, { filter: 'all' })
    const deleted = items.filter(({ outcome }) => outcome !== 'restored')
    const tagged = new Map(
      deleted.flatMap(({ outcome, tags, digest }) =>
        outcome === 'tagged' ? tags.map((tag) => [tag, digest] as const) : [],
      ),
    )
    const removed = new Set<string>(deleted.flatMap((item) => (item.outcome === 'tagged' ? [] : item.removed)))
    const watch = new TagWatch(repository)
    await watch.refresh()
    const now = watch.digests()
    const unexpected: UnexpectedTag[] = []
    let kept = 0
    for (const [tag, digest] of tagged) {
      const found = now.get(tag as Tag)
      if (found !== digest) unexpected.push({ tag, ...(found && { now: found }), ...(digest && { was: digest }) })
    }
    const earlier = (await findPlan(plan))?.verified?.unexpected ?? []
    const expected = new Map<Tag, string>([
      ...before,
      ...earlier.flatMap(({ tag, was }) => (was === undefined ? [] : [[tag as Tag, was] as const])),
    ])
    for (const [tag, was] of expected) {
      if (tagged.has(tag)) continue
      const found = now.get(tag)
      if (removed.has(tag) ? found === undefined : found === was)
        kept += removed.has(tag) || isReferrersTag(tag) ? 0 : 1
      else unexpected.push({ tag, was, ...(found && { now: found }) })
    }
    const isBack = (tag: string) => now.has(tag as Tag)
    for (const tag of removed) {
      const found = now.get(tag as Tag)
      if (found && !before.has(tag as Tag)) unexpected.push({ tag, now: found })
    }
    await setVerified(plan, {
      at,
      gone: {
        tags: [...removed].filter((tag) => !isBack(tag)).length,
        images: deleted.filter(({ outcome }) => outcome === 'deleted').length,
      },
      ...(tagged.size > 0 && { tagged: tagged.size }),
      kept,
      tagsNow: [...now.keys()].filter((tag) => !isReferrersTag(tag)).length,
      unexpected: unexpected.slice(0, NAMED),
      unexpectedCount: unexpected.length,
    })
  } catch (error) {
    await setVerified(plan, { ...NOTHING, at, problem: problemOf(error) })
  }
}

const NOTHING = {
  gone: { tags: 0, images: 0 },
  kept: 0,
  tagsNow: 0,
  unexpected: [],
  unexpectedCount: 0,
} satisfies Omit<Verification, 'at'>
