import 'server-only'
import type { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import type { AddedLabel } from '../../catalog/database/added-labels.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { placeInput } from '../input.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { hasValidValue, labelFields, MOST_ADDED, readAddedLabels } from '../labels/added-labels.ts'
import { openRepository } from '../registries/open.ts'
import { tagSelection } from '../tags/selected-tags.ts'
import { type KnownRepository, skippedTags, whyUnread } from './group-tags.ts'
import { knowSelection } from './know-selection.ts'
import { HOLDS_NOTHING, type PlannedItem, type PlannedLabel } from './plan.ts'
import { storePlan } from './plan-store.ts'

export const labelPlanInput = placeInput.extend({ select: tagSelection, ...labelFields }).refine(...hasValidValue)

/** Images whose labels are looked up at a time. */
const AT_ONCE = 1_000

/**
 * Works out which images adding a label to the selected tags would label, and stores that. Nothing is changed.
 * @returns the plan's id
 * @throws AccessError; RegistryError `conflict` when not all tags can be listed; StoreError, FormatError
 */
export async function makeLabelPlan(
  actor: Actor,
  { select, registry, repository: name, ...label }: z.output<typeof labelPlanInput>,
): Promise<string> {
  const place = { registry, repository: name }
  const repository = openRepository(actor, 'edit-labels', place)
  const { known, selected, total, unjudged, asked } = await knowSelection(repository, place, select)
  const tags = Map.groupBy(selected, (tag) => known.tags.get(tag)?.digest)
  const digests = [...tags.keys()].filter((digest) => digest !== undefined)
  const added = await labelsOn(actor, place, digests)
  const items = [...tags].flatMap(([digest, on]) =>
    digest === undefined
      ? each(on, (tag) => whyUnread(tag, known))
      : [itemOf(digest, on, known, label, added.get(digest) ?? [])],
  )
  return storePlan(
    {
      work: 'label',
      owner: ownerOf(actor),
      ...place,
      tagsBefore: total,
      freesAtMost: 0,
      label,
      ...asked,
    },
    [...items, ...[...unjudged].flatMap(([reason, on]) => each(on, () => reason))].sort(
      (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
    ),
  )
}

const ORDER = ['label', 'skipped']

async function labelsOn(actor: Actor, place: Place, digests: readonly Digest[]) {
  const found: AddedLabel[] = []
  for (let from = 0; from < digests.length; from += AT_ONCE)
    found.push(...(await readAddedLabels(actor, place, { digests: digests.slice(from, from + AT_ONCE) })))
  return Map.groupBy(found, ({ digest }) => digest)
}

function itemOf(
  digest: Digest,
  tags: readonly Tag[],
  known: KnownRepository,
  { key, value }: PlannedLabel,
  added: readonly AddedLabel[],
): PlannedItem {
  const { mediaType, platforms, size, created } = known.tags.get(tags[0] as Tag) ?? {}
  const reason = added.some((label) => label.key === key && label.value === value)
    ? 'Already has this label'
    : added.length >= MOST_ADDED
      ? 'Has the maximum number of added labels'
      : undefined
  return {
    kind: reason ? 'skipped' : 'label',
    digest,
    tags,
    keptBy: [],
    holds: { ...HOLDS_NOTHING, platforms: platforms ?? 0 },
    ...(mediaType !== undefined && { mediaType }),
    ...(size !== undefined && { size }),
    ...(created && { created }),
    ...(reason && { reason }),
  }
}

/** Counted as images, of which each may have one. */
function each(tags: readonly Tag[], reasonOf: (tag: Tag) => string): PlannedItem[] {
  return tags.flatMap((tag) => skippedTags(new Map([[reasonOf(tag), [tag]]])))
}
