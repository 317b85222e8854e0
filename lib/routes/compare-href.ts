import type { Place } from '../oci/place.ts'
import { versionKey } from '../oci/version-key.ts'
import { diffHref, sideOf } from './href.ts'

/** A tag as a table knows it. */
export interface ComparedTag {
  readonly tag: string
  /** ISO time. */
  readonly created?: string | undefined
}

/** The comparison of two tags of one repository: the older is Before, whatever the order in which they were chosen. */
export function compareHref(place: Place, one: ComparedTag, other: ComparedTag): string {
  const [before, after] = isOlder(other, one) ? [other, one] : [one, other]
  return diffHref(sideOf(place, before.tag), sideOf(place, after.tag))
}

/** By version where both are versions, else by creation. */
function isOlder(one: ComparedTag, other: ComparedTag): boolean {
  const [a, b] = [versionKey(one.tag), versionKey(other.tag)]
  if (a.isVersion && b.isVersion && a.key !== b.key) return a.key < b.key
  return Date.parse(one.created ?? '') < Date.parse(other.created ?? '')
}
