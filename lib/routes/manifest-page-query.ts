import type { LinkQuery } from './link-query.ts'

export const MANIFEST_TABS = ['overview', 'labels', 'layers', 'referrers', 'raw'] as const
export type ManifestTab = (typeof MANIFEST_TABS)[number]

export const MANIFEST_LABEL_VIEWS = ['all', 'policy'] as const
export type ManifestLabelView = (typeof MANIFEST_LABEL_VIEWS)[number]

/** What of a manifest its page shows. */
export interface ManifestPageState {
  readonly tab: ManifestTab
  /** `os/arch[/variant]`, or the digest of a child without a platform. */
  readonly platform: string | null
  /** The digest of the index that the manifest was opened from. */
  readonly index: string | null
  /** Page of the platforms table, from 1; absent: the one with the selected platform. */
  readonly platforms: number | null
  /** Filters the tab's rows. */
  readonly q: string
  /** Page of the tab's rows, from 1. */
  readonly page: number
  /** On the labels tab: the one label to show in full, as `<origin> <key>`. */
  readonly label: string | null
  /** On the labels tab: the labels, or what the policies say of them. */
  readonly view: ManifestLabelView
  /** Of a Helm chart, the file that is shown. */
  readonly file: string | null
}

/** What of a state isn't the default, as it goes into a link. */
export function manifestPageQuery(state: Partial<ManifestPageState>): LinkQuery {
  const { tab, platform, index, platforms, q, page, label, view, file } = state
  return {
    platform: platform ?? undefined,
    index: index ?? undefined,
    tab: tab === 'overview' ? undefined : tab,
    platforms: platforms ?? undefined,
    q: q || undefined,
    page: page === 1 ? undefined : page,
    label: label ?? undefined,
    view: view === 'all' ? undefined : view,
    file: file ?? undefined,
  }
}

/** The same page with another tab: filter, page and label belong to the tab that is left. */
export function otherTab(state: ManifestPageState, tab: ManifestTab): Partial<ManifestPageState> {
  const { platform, index, platforms } = state
  return { tab, platform, index, platforms }
}
