import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { registryDecides } from '../../access/authorize.ts'
import { within } from '../../catalog/read-through/within.ts'
import { compileFilter } from '../../filter/compile-filter.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { attempt } from '../../problem/attempt.ts'
import type { EntryListState } from '../../routes/entry-list-query.ts'
import { countFindings, NO_FINDINGS } from '../policy/count-findings.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { typedRepositories } from '../search/typed-names.ts'
import { inOrder } from './entry-order.ts'
import { type EntryPage, entriesAt, pageOfEntries } from './entry-page.ts'
import { countShortcuts, ENTRY_SHORTCUTS } from './entry-shortcuts.ts'
import { readEntryFacts } from './read-entry-facts.ts'
import { countBelow } from './tree.ts'
import type { TypedFilter } from './typed-filter.ts'

/** Rows on one page. */
const PAGE_SIZE = 100
/** A shorter list needs no filter. */
const WORTH_FILTERING = 12
/** Milliseconds that a page waits for its rows' policy findings, and for what the shortcuts find. */
const COUNTED_WITHIN = 300

/**
 * One page of the entries below a path of a registry, filtered and sorted as requested, with facts from the catalog.
 * @param sorted the repositories that the actor may see, by code unit
 */
export async function listEntries(
  actor: Actor,
  registry: string,
  sorted: readonly RepositoryName[],
  prefix: string,
  state: EntryListState,
): Promise<EntryPage> {
  const { filter, isQuery, unknown, problem, mistake } = await typedRepositories(
    searchVisibility(actor),
    registry,
    state.names,
  )
  const start = prefix && isQuery ? `${prefix}/` : ''
  const matches = filter && compileFilter(filter)
  const typed: TypedFilter = {
    matches: matches ? (path) => matches(start + path) : () => true,
    isUsed: matches !== undefined,
    ...(problem && { problem }),
  }
  const unmatched = unknown && countBelow(sorted, prefix, unknown)
  const isFlat = isQuery || (state.order ?? 'name') !== 'name'
  const found = entriesAt(sorted, prefix, typed, isFlat)
  const ordered = await attempt(() => inOrder(actor, registry, found.entries, state), actor)
  const page = pageOfEntries(
    { ...found, entries: ordered.ok ? ordered.value : found.entries },
    { namesPage: state.namesPage, size: PAGE_SIZE, hasLetters: isByName(state) },
  )
  const hasFilter = page.total >= WORTH_FILTERING || state.names !== ''
  const [facts, findings, counted] = await Promise.all([
    readEntryFacts(actor, registry, page.entries),
    page.entries.length > 0 ? inTime(actor, registry, () => countFindings(actor, registry)) : undefined,
    // Of the whole registry, while the page waits: not for a list that shows none, as below most repositories.
    hasFilter ? inTime(actor, registry, () => countShortcuts(actor, registry, sorted, prefix)) : undefined,
  ])
  return {
    ...page,
    facts,
    ...(hasFilter && { shortcuts: counted ?? ENTRY_SHORTCUTS }),
    ...(findings && {
      findings: Object.fromEntries(page.entries.map(({ path }) => [path, findings.get(path) ?? NO_FINDINGS])),
    }),
    ...(unmatched !== undefined && unmatched > 0 && { unmatched }),
    ...(mistake && { mistake }),
    ...(!ordered.ok && { problem: ordered.problem }),
  }
}

function isByName({ order = 'name', orderDir = 'desc' }: EntryListState): boolean {
  return (order === 'name' || order === 'path') && orderDir === 'desc'
}

/** What Lading has counted soon enough. Nothing of it is shown to people whose own account a registry judges. */
async function inTime<T>(actor: Actor, registry: string, count: () => Promise<T>): Promise<T | undefined> {
  if (registryDecides(actor, registry)) return undefined
  const counting = attempt(count)
  if (!(await within(COUNTED_WITHIN, counting))) return undefined
  const counted = await counting
  return counted.ok ? counted.value : undefined
}
