import 'server-only'
import type { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { Place } from '../../oci/place.ts'
import { isTag, parseTag, type Tag } from '../../oci/reference.ts'
import { placeInput } from '../input.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { protectionOf } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { tagSelection } from '../tags/selected-tags.ts'
import { type KnownRepository, skippedTags, whyUnread } from './group-tags.ts'
import { knowSelection } from './know-selection.ts'
import { HOLDS_NOTHING, type PlannedItem } from './plan.ts'
import { storePlan } from './plan-store.ts'
import { renameRule, renamer } from './renamed-tag.ts'

export const retagPlanInput = placeInput.extend({ select: tagSelection, rule: renameRule })

/**
 * Computes which tags a rule would add and move, and stores the plan. Nothing is changed in the registry.
 * @returns the plan's id
 * @throws AccessError; RegistryError `conflict` when not all tags can be listed; StoreError, FormatError
 */
export async function makeRetagPlan(
  actor: Actor,
  { select, rule, ...place }: z.output<typeof retagPlanInput>,
): Promise<string> {
  const repository = openRepository(actor, 'create-tag', place)
  const { known, selected, total, unjudged, asked } = await knowSelection(repository, place, select)
  const rename = renamer(rule)
  const wanted = selected.map((tag) => ({ tag, target: rename(tag) }))
  const protects = await protectionOf(place)
  const items = retagItems(wanted, known, {
    protectedBy: (tag) => protects(tag)?.name,
    mayMove: (tag) => allows(actor, 'overwrite-tag', { ...place, tag } as Place),
  })
  return storePlan(
    {
      work: 'retag',
      owner: ownerOf(actor),
      registry: place.registry,
      repository: place.repository,
      tagsBefore: total,
      freesAtMost: 0,
      ...asked,
    },
    [...items, ...skippedTags(unjudged)],
  )
}

interface Renamed {
  readonly tag: Tag
  readonly target: string | undefined
}

interface Rules {
  readonly protectedBy: (tag: Tag) => string | undefined
  readonly mayMove: (tag: Tag) => boolean
}

/** The effect on each selected tag: a new tag, a moved one, or none with the reason. */
export function retagItems(wanted: readonly Renamed[], known: KnownRepository, rules: Rules): PlannedItem[] {
  const sources = Map.groupBy(wanted, ({ target }) => target)
  const items = wanted.map((one) => itemOf(one, sources.get(one.target) ?? [], known, rules))
  const order = ['create', 'move', 'protected', 'skipped']
  return items.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

function itemOf(
  { tag, target }: Renamed,
  rivals: readonly Renamed[],
  known: KnownRepository,
  rules: Rules,
): PlannedItem {
  const image = known.tags.get(tag)
  const skipped = (reason: string): PlannedItem => ({
    kind: 'skipped',
    tags: [target ?? tag],
    keptBy: [tag],
    holds: HOLDS_NOTHING,
    reason,
    ...(image && { digest: image.digest }),
  })
  if (target === undefined) return skipped('The rule doesn’t change this name')
  if (!isTag(target)) return skipped('That isn’t a valid tag name')
  if (!image) return skipped(whyUnread(tag, known))
  const digests = new Set(rivals.map((rival) => known.tags.get(rival.tag)?.digest))
  if (digests.size > 1) return skipped(`${rivals.map((rival) => rival.tag).join(' and ')} would both become this tag`)
  // Several tags of one image that would get the same name: the first is enough.
  if (rivals[0]?.tag !== tag) return skipped(`${rivals[0]?.tag} would become this tag too, with the same image`)
  const name = parseTag(target)
  const { digest, mediaType, size, created } = image
  const facts = {
    digest,
    mediaType,
    tags: [target],
    keptBy: [tag],
    holds: HOLDS_NOTHING,
    ...(size !== undefined && { size }),
    ...(created && { created }),
  }
  const was = known.tags.get(name)?.digest
  if (known.unreadable.has(name)) return skipped('This tag exists but can’t be read, so it’s unknown what would move')
  if (was === digest) return skipped('Already points at this image')
  if (was === undefined) return { ...facts, kind: 'create' }
  const rule = rules.protectedBy(name)
  if (rule !== undefined) return { ...facts, kind: 'protected', was, reason: `Protected by the rule ${rule}` }
  if (!rules.mayMove(name)) return skipped('This tag exists, and you can’t move existing tags here')
  return { ...facts, kind: 'move', was }
}
