// Reads the state of each page from its URL; invalid values count as the default. `*-query.ts` and `*-href.ts` write it.

import {
  createLoader,
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from 'nuqs/server'
import type { Place } from '../oci/place.ts'
import { DIFF_VIEWS } from './diff-page-query.ts'
import { ENTRY_ORDERS } from './entry-list-query.ts'
import { HISTORY_CHANGES, HISTORY_SOURCES } from './history-query.ts'
import { LABEL_ROWS, LABEL_VIEWS } from './labels-page-query.ts'
import { MANIFEST_LABEL_VIEWS, MANIFEST_TABS } from './manifest-page-query.ts'
import { PLAN_BYS, PLAN_SHOWS } from './plan-page-query.ts'
import { POLICY_KINDS } from './policy-page-query.ts'
import { decode } from './registry-path.ts'
import { SEARCH_SORTS } from './search-page-query.ts'
import { STORAGE_SORTS } from './storage-page-query.ts'
import { TAG_SORTS, TAG_VIEWS } from './tag-table-query.ts'

const page = parseAsInteger.withDefault(1)

export const loadAccessParams = createLoader({
  who: parseAsString.withDefault(''),
  registry: parseAsString.withDefault(''),
  repository: parseAsString.withDefault(''),
  tag: parseAsString.withDefault(''),
})

export const loadAuditParams = createLoader({ q: parseAsString.withDefault(''), below: parseAsInteger })

const ENTRY_LIST = {
  names: parseAsString.withDefault(''),
  namesPage: page,
  order: parseAsStringLiteral(ENTRY_ORDERS).withDefault('name'),
  orderDir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
}

export const loadEntryListParams = createLoader(ENTRY_LIST)

const loadTagTableParams = createLoader({
  ...ENTRY_LIST,
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(TAG_SORTS).withDefault('version'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  page,
  view: parseAsStringLiteral(TAG_VIEWS).withDefault('tags'),
})

export const loadHistoryParams = createLoader({
  q: parseAsString.withDefault(''),
  change: parseAsStringLiteral(HISTORY_CHANGES).withDefault('any'),
  how: parseAsStringLiteral(HISTORY_SOURCES).withDefault('any'),
  by: parseAsString.withDefault(''),
  after: parseAsString.withDefault(''),
})

const parseAsDay = createParser<string>({
  parse: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null),
  serialize: (day) => day,
})

const loadAsOfParams = createLoader({
  asOf: parseAsDay,
  all: parseAsBoolean.withDefault(false),
  page,
})

const parseAsKeys = createParser<readonly string[]>({
  parse: (text) => text.split(',').flatMap((key) => (key === '' ? [] : (decode(key) ?? []))),
  serialize: (keys) => keys.map((key) => key.replaceAll(/[%,]/g, encodeURIComponent)).join(','),
})

export const loadLabelsParams = createLoader({
  view: parseAsStringLiteral(LABEL_VIEWS).withDefault('matrix'),
  q: parseAsString.withDefault(''),
  keys: parseAsKeys.withDefault([]),
  rows: parseAsStringLiteral(LABEL_ROWS).withDefault('newest'),
  page,
  after: parseAsString,
  key: parseAsString,
})

export const loadPolicyParams = createLoader({
  policy: parseAsString,
  kind: parseAsStringLiteral(POLICY_KINDS),
  owner: parseAsString,
  repository: parseAsString,
  since: parseAsStringLiteral(['week'] as const),
  page,
})

/** The tabs of a repository share names where they mean the same. */
export async function loadRepositoryParams(searchParams: Promise<SearchParams>, place: Place) {
  const [table, history, labels, policy, asOf] = await Promise.all([
    loadTagTableParams(searchParams),
    loadHistoryParams(searchParams),
    loadLabelsParams(searchParams),
    loadPolicyParams(searchParams),
    loadAsOfParams(searchParams),
  ])
  const tabs = {
    asOf,
    history,
    labels: { ...labels, view: 'matrix', rows: 'all', within: place } as const,
    policy: { ...policy, repository: `${place.registry}/${place.repository}` },
  }
  return { table, tabs }
}

export const loadBlobParams = createLoader({
  /** The tag or digest of the manifest that it was reached from. */
  from: parseAsString,
  page,
})

export const loadManifestParams = createLoader({
  tab: parseAsStringLiteral(MANIFEST_TABS).withDefault('overview'),
  platform: parseAsString,
  index: parseAsString,
  platforms: parseAsInteger,
  q: parseAsString.withDefault(''),
  page,
  label: parseAsString,
  view: parseAsStringLiteral(MANIFEST_LABEL_VIEWS).withDefault('all'),
  file: parseAsString,
})

export const loadPlanPageParams = createLoader({
  show: parseAsStringLiteral(PLAN_SHOWS).withDefault('all'),
  page,
  q: parseAsString.withDefault(''),
  by: parseAsStringLiteral(PLAN_BYS).withDefault('image'),
})

export const loadSearchParams = createLoader({
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SEARCH_SORTS).withDefault('repository'),
  after: parseAsString,
  seen: parseAsInteger.withDefault(0),
  open: parseAsArrayOf(parseAsString).withDefault([]),
  referrers: parseAsBoolean.withDefault(false),
})

export const loadSessionsParams = createLoader({ who: parseAsStringLiteral(['everyone']) })

export const loadStorageParams = createLoader({
  registry: parseAsString,
  path: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(STORAGE_SORTS).withDefault('frees'),
  page,
})

export const loadTrashParams = createLoader({ q: parseAsString.withDefault(''), page })

export const loadDiffParams = createLoader({
  a: parseAsString,
  b: parseAsString,
  /** For two indexes: the platform to compare; for one, the child to take. */
  platform: parseAsString,
  view: parseAsStringLiteral(DIFF_VIEWS).withDefault('changes'),
  platforms: page,
  env: page,
  labels: page,
  packages: page,
  layers: page,
})
