import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { taggedReferrers, untaggedManifests } from '../../catalog/database/untagged-manifests.ts'
import { isApart } from '../../catalog/the-catalog.ts'
import { TagWatch } from '../../image/delete/tag-watch.ts'
import { readIfPresent } from '../../image/graph/scan-tags.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { theStore } from '../../store/the-store.ts'
import { placeInput } from '../input.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { protectionRules } from '../protection/protection-of.ts'
import { bindingOf } from '../protection/protection-rule.ts'
import { openRepository } from '../registries/open.ts'
import { estimateFreed } from './estimate-freed.ts'
import { storePlan } from './plan-store.ts'
import { listedIn, type UntaggedImage, untaggedItems } from './untagged-images.ts'

export const untaggedPlanInput = placeInput.extend({
  /** Images that have had no tag for fewer days stay. */
  keepDays: z.int().min(0).max(3_650),
})

/** Images of one plan, and those that the registry is asked for. */
const MOST_UNTAGGED = 2_000
const MOST_ASKED = 20_000
const AT_ONCE = 1_000

/**
 * Works out what deleting the images without a tag would do, as far as the registry or the catalog knows of them, and
 * stores it. Nothing is changed in the registry.
 * @param deselected digests of images that are in the plan, but not selected
 * @returns the plan's id
 * @throws AccessError, StoreError; RegistryError `conflict` when not every tag can be read, `deletes-disabled`
 */
export async function makeUntaggedPlan(
  actor: Actor,
  { keepDays, ...place }: z.output<typeof untaggedPlanInput>,
  deselected: ReadonlySet<string> = new Set(),
): Promise<string> {
  const repository = openRepository(actor, 'delete', place)
  const { manifest, advice } = await repository.deletes()
  if (manifest.state === 'no') throw new RegistryError('deletes-disabled', advice ?? manifest.evidence)
  const watch = new TagWatch(repository)
  await watch.refresh()
  const store = await theStore()
  const found = await findUntagged(repository, place, watch)
  const hasMore = found.length >= MOST_UNTAGGED
  const items = untaggedItems(found, {
    watch,
    taggedReferrers: isApart(repository.registry) ? new Map() : await taggedReferrers(store, place),
    protectedBy: await wholeRule(place),
    keepDays,
    now: Date.now(),
  })
  const images = [...watch.digests().values(), ...found.map((image) => image.manifest.digest)]
  const { items: estimated, ...freed } = await estimateFreed(repository, items, images)
  return storePlan(
    {
      work: 'untagged',
      owner: ownerOf(actor),
      ...place,
      tagsBefore: watch.digests().size,
      ...freed,
      keepDays,
      ...(hasMore && { hasMore }),
    },
    estimated.map((item) => ({
      ...item,
      ...(item.digest !== undefined && deselected.has(item.digest) && { isDeselected: true }),
    })),
  )
}

/** A rule that protects every tag of the repository protects what has none, too. @throws StoreError */
export async function wholeRule(place: Place): Promise<string | undefined> {
  return (await protectionRules()).find((rule) => bindingOf(rule, place) === 'every tag')?.name
}

/** What the registry lists, what the catalog remembers, and what either of them lists; as far as it is there, and fits into one plan. */
async function findUntagged(repository: Repository, place: Place, watch: TagWatch): Promise<UntaggedImage[]> {
  const found = new Map<Digest, UntaggedImage>()
  const asked = new Set<Digest>()
  const read = async (candidates: readonly { readonly digest: Digest; readonly since?: number | undefined }[]) => {
    for (let level = candidates; level.length > 0 && found.size < MOST_UNTAGGED; ) {
      const next = level.filter(({ digest }) => !asked.has(digest) && watch.tagsOn(digest).length === 0)
      for (const { digest } of next) asked.add(digest)
      const below: { digest: Digest; since?: number | undefined }[] = []
      await mapConcurrent(next, async ({ digest, since }) => {
        const manifest = await readIfPresent(repository, digest)
        if (!manifest || found.size >= MOST_UNTAGGED) return
        found.set(digest, { manifest, ...(since !== undefined && { since }) })
        below.push(...listedIn(manifest).map((child) => ({ digest: child, since })))
      })
      level = below
    }
  }
  const store = await theStore()
  // What the catalog remembers was seen with other credentials.
  const isRemembered = !isApart(repository.registry)
  for (let offset = 0; isRemembered && offset < MOST_ASKED && found.size < MOST_UNTAGGED; offset += AT_ONCE) {
    const some = await untaggedManifests(store, place, { offset, limit: AT_ONCE })
    await read(some)
    if (some.length < AT_ONCE) break
  }
  await read((await repository.untagged()) ?? [])
  return [...found.values()]
}
