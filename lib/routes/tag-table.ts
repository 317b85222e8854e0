import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { ENTRY_LIST_PARSERS } from './entry-list.ts'
import { TAG_SORTS, TAG_VIEWS } from './tag-table-query.ts'

/** Reads the state of the table of tags out of the URL; what is no value of it is the default. */
export const loadTagTableParams = createLoader({
  ...ENTRY_LIST_PARSERS,
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(TAG_SORTS).withDefault('version'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  page: parseAsInteger.withDefault(1),
  view: parseAsStringLiteral(TAG_VIEWS).withDefault('tags'),
})
