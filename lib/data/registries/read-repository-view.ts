import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import type { Page } from '../../format/page-of.ts'
import type { Place } from '../../oci/place.ts'
import { type Attempt, attempt } from '../../problem/attempt.ts'
import type { AsOfState } from '../../routes/as-of-query.ts'
import type { HistoryState } from '../../routes/history-query.ts'
import type { LabelsPageState } from '../../routes/labels-page-query.ts'
import type { PolicyPageState } from '../../routes/policy-page-query.ts'
import type { TagTableState } from '../../routes/tag-table-query.ts'
import { type AsOfPage, readAsOf } from '../history/read-as-of.ts'
import { type RepositoryHistory, readRepositoryHistory } from '../history/read-history.ts'
import { type LabelsPage, readLabels } from '../labels/read-labels.ts'
import { type PolicyReport, readPolicyReport } from '../policy/read-policy-report.ts'
import { type RepositoryStoragePage, readRepositoryStorage } from '../storage/read-repository-storage.ts'
import { type ImageTable, readImages } from '../tags/read-images.ts'
import { type ReferrerTagRow, readReferrerTags } from '../tags/read-referrer-tags.ts'

/** The state of each tab of a repository's page beside its tags. */
export interface RepositoryTabs {
  readonly history: HistoryState
  readonly labels: LabelsPageState
  readonly policy: PolicyPageState
  readonly asOf: AsOfState
}

/** What a repository's page shows: its tags, which every page of it knows, or another tab. */
export type RepositoryView =
  | { readonly kind: 'tags' }
  | { readonly kind: 'as-of'; readonly past: Attempt<AsOfPage> }
  | { readonly kind: 'images'; readonly images: ImageTable }
  | { readonly kind: 'history'; readonly history: Attempt<RepositoryHistory> }
  | { readonly kind: 'labels'; readonly labels: Attempt<LabelsPage> }
  | { readonly kind: 'storage'; readonly storage: Attempt<RepositoryStoragePage> }
  | { readonly kind: 'referrers'; readonly referrers: Page<ReferrerTagRow> }
  /** Undefined where no policies are configured. */
  | { readonly kind: 'policy'; readonly report: Attempt<PolicyReport | undefined> }

/** @throws RegistryError, AccessError */
export async function readRepositoryView(
  actor: Actor,
  place: Place,
  state: TagTableState,
  tabs: RepositoryTabs,
): Promise<RepositoryView> {
  switch (state.view ?? 'tags') {
    case 'tags': {
      const { asOf } = tabs.asOf
      if (!asOf) return { kind: 'tags' }
      return { kind: 'as-of', past: await attempt(() => readAsOf(actor, place, { ...tabs.asOf, asOf }), actor) }
    }
    case 'images':
      return { kind: 'images', images: await readImages(actor, place, state) }
    case 'history':
      return { kind: 'history', history: await attempt(() => readRepositoryHistory(actor, place, tabs.history), actor) }
    case 'labels':
      return { kind: 'labels', labels: await attempt(() => readLabels(actor, tabs.labels), actor) }
    case 'storage':
      return { kind: 'storage', storage: await attempt(() => readRepositoryStorage(actor, place, state.page), actor) }
    case 'referrers':
      return { kind: 'referrers', referrers: await readReferrerTags(actor, place, state.page) }
    case 'policy':
      return {
        kind: 'policy',
        report: await attempt(async () => {
          authorizeRecords(actor, place)
          return readPolicyReport(actor, tabs.policy)
        }, actor),
      }
  }
}
