import { within } from '../../catalog/read-through/within.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { protectionOf } from './protection-of.ts'

/** Milliseconds that a page waits for the rules. */
const PATIENCE = 300

/**
 * The rule that protects each of these tags, for showing: none where the database doesn't answer soon.
 * `assertUnprotected` decides what may be changed, and requires the database.
 */
export async function shownProtection(place: Place, tags: readonly Tag[]): Promise<Readonly<Record<string, string>>> {
  const read = protectionOf(place).catch(() => undefined)
  const protects = (await within(PATIENCE, read)) ? await read : undefined
  if (!protects) return {}
  const found = tags.map((tag) => [tag, protects(tag)?.name] as const)
  return Object.fromEntries(found.filter(([, rule]) => rule !== undefined)) as Record<string, string>
}
