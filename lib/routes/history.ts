import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { HISTORY_CHANGES, HISTORY_SOURCES } from './history-query.ts'

/** Reads which changes are shown out of the URL; what is no value of it is the default. */
export const loadHistoryParams = createLoader({
  q: parseAsString.withDefault(''),
  change: parseAsStringLiteral(HISTORY_CHANGES).withDefault('any'),
  how: parseAsStringLiteral(HISTORY_SOURCES).withDefault('any'),
  by: parseAsString.withDefault(''),
  after: parseAsString.withDefault(''),
})
