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
import type { NewPlan } from './plan-store.ts'

interface KnownSelection {
  readonly known: SeenRepository
  readonly selected: readonly Tag[]
  /** How many tags the repository has. */
  readonly total: number
  /** Tags that the query can't judge, and so neither finds nor rules out, by the reason. */
  readonly unjudged: ReadonlyMap<string, readonly Tag[]>
  /** The selection as its plan remembers it: ticked tags are its items. */
  readonly asked: Pick<NewPlan, 'query' | 'except' | 'unjudged'>
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
  const { tags: selected, unjudged } = await selectedTags(repository, place, select)
  // One that is neither was deleted since it was listed.
  const there = unjudged.filter((tag) => known.tags.has(tag) || known.unreadable.has(tag))
  return {
    known,
    selected,
    total: list.tags.length,
    unjudged: Map.groupBy(there, (tag) => (known.unreadable.has(tag) ? CANT_BE_READ : NOT_READ)),
    asked: { ...queryOf(select), ...(there.length > 0 && { unjudged: there.length }) },
  }
}

const NOT_READ = 'The query can’t judge it, because not all of its details have been read'
const CANT_BE_READ = 'The query can’t judge it, because it can’t be read'

function queryOf(select: TagSelection): Pick<NewPlan, 'query' | 'except'> {
  if (!('matching' in select) || select.matching === '') return {}
  return { query: select.matching, ...(select.except.length > 0 && { except: select.except }) }
}
