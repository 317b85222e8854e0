import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { MANIFEST_TABS } from './manifest-page-query.ts'

/** What of a blob its page shows, as it stands in the URL. */
export const loadBlobParams = createLoader({
  /** The tag or digest of the manifest that it was reached from. */
  from: parseAsString,
  page: parseAsInteger.withDefault(1),
})

/** What of a manifest its page shows, as it stands in the URL. */
export const loadManifestParams = createLoader({
  tab: parseAsStringLiteral(MANIFEST_TABS).withDefault('overview'),
  platform: parseAsString,
  index: parseAsString,
  platforms: parseAsInteger,
  q: parseAsString.withDefault(''),
  page: parseAsInteger.withDefault(1),
  label: parseAsString,
  file: parseAsString,
})
