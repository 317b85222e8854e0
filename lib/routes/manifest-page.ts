import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'

export const MANIFEST_TABS = ['overview', 'labels', 'layers', 'referrers', 'raw'] as const
export type ManifestTab = (typeof MANIFEST_TABS)[number]

/** What of a manifest its page shows, as it stands in the URL. */
export const loadManifestParams = createLoader({
  tab: parseAsStringLiteral(MANIFEST_TABS).withDefault('overview'),
  /** `os/arch[/variant]`, or the digest of a child that has no platform. */
  platform: parseAsString,
  /** The digest of the index that the manifest was reached from. */
  index: parseAsString,
})
