import { createLoader, parseAsInteger, parseAsString } from 'nuqs/server'

export const ENTRY_LIST_PARSERS = {
  names: parseAsString.withDefault(''),
  namesPage: parseAsInteger.withDefault(1),
}

/** Reads the filter and the page of a list of namespaces and repositories out of the URL. */
export const loadEntryListParams = createLoader(ENTRY_LIST_PARSERS)
