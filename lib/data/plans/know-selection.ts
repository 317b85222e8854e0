import 'server-only'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { assertCurrent } from '../changes/needs-registry.ts'
import { selectedTags, type TagSelection } from '../tags/selected-tags.ts'
import { TAG_LIST_AGE } from '../tags/tag-list-age.ts'
import { type KnowOptions, knowRepository, type SeenRepository } from './know-repository.ts'

interface KnownSelection {
  readonly known: SeenRepository
  readonly selected: readonly Tag[]
  /** How many tags the repository has. */
  readonly total: number
}

/**
 * The selected tags, and everything about their repository that a plan depends on.
 * @throws RegistryError `conflict` when not all tags can be listed; StoreError, FormatError
 */
export async function knowSelection(
  repository: Repository,
  place: Place,
  select: TagSelection,
  options: KnowOptions = {},
): Promise<KnownSelection> {
  const listing = await catalogOf(repository.registry).refreshTags(repository, {
    ...TAG_LIST_AGE.decision,
    ...(options.seenWithin !== undefined && { freshFor: options.seenWithin }),
  })
  assertCurrent(repository, listing)
  const list = (await catalogOf(repository.registry).catalog.tags(place))?.value
  if (!list) throw new RegistryError('not-found', `${place.repository} has no tags`)
  const known = await knowRepository(repository, place, list, options)
  return { known, selected: await selectedTags(repository, place, select), total: list.tags.length }
}

/** The selection as its plan remembers it: ticked tags are its items. */
export function queryOf(select: TagSelection): { query?: string; except?: readonly Tag[] } {
  if (!('matching' in select) || select.matching === '') return {}
  return { query: select.matching, ...(select.except.length > 0 && { except: select.except }) }
}
