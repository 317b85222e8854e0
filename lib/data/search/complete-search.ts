import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { labelKeys, labelValues } from '../../catalog/database/label-keys.ts'
import { type SearchFacets, searchFacets } from '../../catalog/database/search-facets.ts'
import { searchTags, typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { ATTACHMENTS, MAX_QUERY_LENGTH, type Span } from '../../filter/query.ts'
import { type CompletionPlace, completionPlace } from '../../filter/query-completion.ts'
import { QUALIFIERS } from '../../filter/query-qualifiers.ts'
import { quotedText } from '../../filter/quoted-text.ts'
import { searchVisibility } from './search-visibility.ts'

export const completionInput = z.strictObject({
  text: z.string().max(MAX_QUERY_LENGTH),
  cursor: z.number().int().min(0).max(MAX_QUERY_LENGTH),
})

export interface Suggestions {
  /** The part of the text that a suggestion takes the place of. */
  readonly replaces: Span
  readonly suggestions: readonly Suggestion[]
  /** The form of what is typed, where there is nothing to choose from. */
  readonly hint?: string
}

export interface Suggestion {
  readonly text: string
  readonly detail?: string
  /** `12 tags`, as far as they are counted. */
  readonly count?: number
  readonly counted?: 'tag' | 'image'
}

const SHOWN = 8

/** What could be typed next, among what the actor may see. @throws StoreError */
export async function completeSearch(
  actor: Actor,
  { text, cursor }: z.output<typeof completionInput>,
): Promise<Suggestions> {
  const place = completionPlace(text, cursor)
  const { wants, typed, replaces } = place
  if (wants.kind === 'form') return { replaces, suggestions: [], hint: wants.expected }
  // The other terms: what is being typed must not narrow what it could become.
  const rest = `${text.slice(0, replaces.start).replace(/\S*$/, '')} ${text.slice(cursor)}`
  const suggestions = await suggest(actor, wants, typed.toLowerCase(), rest)
  return { replaces, suggestions: suggestions.slice(0, SHOWN) }
}

/** Characters of a value that is suggested: a query may have 1,000. */
const LONGEST = 300

async function suggest(
  actor: Actor,
  wants: Exclude<CompletionPlace['wants'], { kind: 'form' }>,
  typed: string,
  rest: string,
): Promise<readonly Suggestion[]> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const facets = () => searchFacets(database, { query: typedQuery(rest).query, visibility, now: Date.now() })
  const keys = async (prefix: string) =>
    (await labelKeys(database, visibility)).keys
      .filter(({ key }) => key.toLowerCase().includes(typed))
      .map(({ key, images }): Suggestion => ({ text: prefix + quotedText(key), count: images, counted: 'image' }))
  if (wants.kind === 'key') return keys('')
  if (wants.kind === 'term') {
    if (typed === '') return narrowing(await facets())
    return [...qualifiers(typed), ...repositories(await facets(), typed, 'repo:'), ...(await keys('label:'))]
  }
  switch (wants.of) {
    case 'label': {
      const query = { visibility, key: wants.key, containing: typed, limit: SHOWN, longest: LONGEST }
      return (await labelValues(database, query))
        .filter(({ value }) => value.length <= LONGEST)
        .map(({ value, images }) => ({ text: quotedText(value), count: images, counted: 'image' }))
    }
    case 'has':
      return ATTACHMENTS.filter((word) => word.startsWith(typed)).map((word) => ({ text: word }))
    case 'repo':
      return repositories(await facets(), typed, '')
    case 'tag':
      return tagNames(actor, `${rest} ${typed === '' ? '' : `tag:${quotedText(typed)}*`}`)
    default:
      return (await facets()).facets[wants.of]
        .filter(({ value }) => value.toLowerCase().includes(typed))
        .map(({ value, tags }) => ({ text: value, count: tags, counted: 'tag' }))
  }
}

function qualifiers(typed: string): readonly Suggestion[] {
  return [...QUALIFIERS.values()]
    .filter(({ name }) => name.startsWith(typed))
    .map(({ name, finds }) => ({ text: `${name}:`, detail: finds }))
}

/** Terms that leave some of what is found, and not all of it: those that leave most first. */
function narrowing({ tags: total, facets }: SearchFacets): readonly Suggestion[] {
  return Object.values(facets)
    .flatMap((values) => values.slice(0, 3))
    .flatMap(({ term, tags }) =>
      term !== undefined && tags < total ? [{ text: term, count: tags, counted: 'tag' as const }] : [],
    )
    .sort((a, b) => b.count - a.count)
}

function repositories({ byRepository }: SearchFacets, typed: string, prefix: string): readonly Suggestion[] {
  return byRepository
    .filter(({ name }) => name.toLowerCase().includes(typed))
    .sort((a, b) => b.tags - a.tags)
    .slice(0, SHOWN)
    .map(({ name, tags }) => ({ text: prefix + name, count: tags, counted: 'tag' as const }))
}

async function tagNames(actor: Actor, q: string): Promise<readonly Suggestion[]> {
  const page = await searchTags(await theCatalogDatabase(), {
    query: typedQuery(q).query,
    visibility: searchVisibility(actor),
    sort: 'repository',
    limit: 50,
    now: Date.now(),
  })
  return [...new Set(page.tags.map(({ tag }) => tag))].map((text) => ({ text }))
}
