import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { Tag } from '../../oci/reference.ts'
import { collect } from '../../registry/listing.ts'
import { placeInput } from '../input.ts'
import { openRepository } from '../registries/open.ts'
import { selectedTags, tagSelection } from '../tags/selected-tags.ts'

export const copyTagsPreviewInput = z.strictObject({
  source: placeInput,
  destination: placeInput,
  select: tagSelection,
})

/** What copying several tags would find. */
export interface CopyTagsPreview {
  readonly tags: number
  /** Further ones that the query can't judge: too little has been read of them. */
  readonly unjudged: number
  /** How many of them the destination has, whatever they point at there, and the first of them. */
  readonly existing: number
  readonly names: readonly Tag[]
  /** The destination couldn't be listed completely: there may be more. */
  readonly isLowerBound: boolean
  readonly mayOverwrite: boolean
}

const NAMED = 5

/** @throws AccessError, RegistryError */
export async function previewCopyTags(
  actor: Actor,
  { source, destination, select }: z.output<typeof copyTagsPreviewInput>,
): Promise<CopyTagsPreview> {
  const from = openRepository(actor, 'browse', source)
  const to = openRepository(actor, 'create-tag', destination)
  const { tags, unjudged } = await selectedTags(from, source, select)
  const there = new Set<Tag>()
  const { items, end } = await collect(to.tags())
  for (const tag of items) there.add(tag)
  const existing = tags.filter((tag) => there.has(tag))
  return {
    tags: tags.length,
    unjudged: unjudged.length,
    existing: existing.length,
    names: existing.slice(0, NAMED),
    isLowerBound: !end.complete,
    mayOverwrite: allows(actor, 'overwrite-tag', destination),
  }
}
