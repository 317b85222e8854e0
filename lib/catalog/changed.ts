import type { Place } from '../oci/place.ts'
import { forgetNames } from './repository-names.ts'
import { forgetTags } from './tag-list.ts'

/** A repository was changed, or may have been: what is remembered of it, and of its registry's list, is out of date. */
export async function changed({ registry, repository }: Place): Promise<void> {
  forgetTags(registry, repository)
  forgetNames(registry)
}
