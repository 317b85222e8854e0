import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { SEARCH_SORTS } from './search-page-query.ts'

/** Reads the state of the search page out of the URL; what is no value of it is the default. */
export const loadSearchParams = createLoader({
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SEARCH_SORTS).withDefault('repository'),
  after: parseAsString,
  seen: parseAsInteger.withDefault(0),
  open: parseAsArrayOf(parseAsString).withDefault([]),
})
