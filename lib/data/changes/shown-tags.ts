import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { repositoryChanged } from '../../catalog/changed.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { resolveTags } from '../../registry/resolve-tags.ts'
import { tag } from '../input.ts'
import { openRepository } from '../registries/open.ts'

/**
 * Longer lists are sent back as a fingerprint: a request is at most 256 KB, and an image may have tens of thousands of
 * tags.
 */
const LISTED = 250

/** The tags that a user was shown on an image, as sent back with a deletion. */
export const shownTags = z.union([
  z.array(tag).max(LISTED).readonly(),
  z.strictObject({ count: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).readonly(),
])

export type ShownTags = z.output<typeof shownTags>

export function toShownTags(tags: readonly Tag[]): ShownTags {
  return tags.length > LISTED ? { count: tags.length, sha256: fingerprint(tags) } : tags
}

/**
 * Which tags those were: of a fingerprint, the tags that are on the image now if they are the same.
 * @throws RegistryError `conflict` when they are others, or can't all be seen; AccessError
 */
export async function tagsShown(actor: Actor, place: Place, digest: Digest, shown: ShownTags): Promise<readonly Tag[]> {
  if (isList(shown)) return shown
  const repository = openRepository(actor, 'preview-deletion', place)
  const { tags, complete, reason } = await resolveTags(repository)
  const now = [...tags].flatMap(([name, found]) => (found.digest === digest ? [name] : []))
  if (complete && now.length === shown.count && fingerprint(now) === shown.sha256) return now
  // What was shown may come from the catalog, which is not to show it once more.
  await repositoryChanged(repository)
  const message = complete
    ? `the tags on ${digest} aren’t the ones that were shown`
    : `can’t determine which tags are on ${digest}: ${reason}`
  throw new RegistryError('conflict', message, {
    host: repository.registry.location,
    repository: place.repository,
    expected: `${shown.count} tags`,
    found: `${now.length} tags`,
  })
}

function isList(shown: ShownTags): shown is readonly Tag[] {
  return Array.isArray(shown)
}

function fingerprint(tags: readonly Tag[]): string {
  return createHash('sha256')
    .update([...tags].sort().join('\n'))
    .digest('hex')
}
