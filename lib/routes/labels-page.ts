import { createLoader, createParser, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { LABEL_ROWS, LABEL_VIEWS } from './labels-page-query.ts'
import { decode } from './registry-path.ts'

const parseAsKeys = createParser<readonly string[]>({
  parse: (text) => text.split(',').flatMap((key) => (key === '' ? [] : (decode(key) ?? []))),
  serialize: (keys) => keys.map((key) => key.replaceAll(/[%,]/g, encodeURIComponent)).join(','),
})

/** Reads the state of the page of labels out of the URL; what is no value of it is the default. */
export const loadLabelsParams = createLoader({
  view: parseAsStringLiteral(LABEL_VIEWS).withDefault('matrix'),
  q: parseAsString.withDefault(''),
  keys: parseAsKeys.withDefault([]),
  rows: parseAsStringLiteral(LABEL_ROWS).withDefault('newest'),
  page: parseAsInteger.withDefault(1),
  after: parseAsString,
  key: parseAsString,
})
