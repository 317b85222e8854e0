import { type LabelRow, labelRows, ownLabelRows } from './label-rows.ts'
import type { ManifestView } from './manifest-view.ts'
import type { ManifestPage } from './read-manifest.ts'

/** What a manifest page shows below its header: the selected child if it could be read, else the manifest itself. */
export function shownManifest({ manifest, selected }: Pick<ManifestPage, 'manifest' | 'selected'>): ManifestView {
  return selected?.child.ok ? selected.child.value : manifest
}

/** The labels that a manifest page shows, compared with those of the other platforms on it. */
export function pageLabels(page: ManifestPage): LabelRow[] {
  const shown = shownManifest(page)
  if (shown === page.manifest) return ownLabelRows(shown)
  const siblings = page.children.items.flatMap(({ descriptor, child }) =>
    child.ok && !child.value.configProblem && descriptor.digest !== shown.digest
      ? [{ platform: descriptor.platform ?? 'no platform', manifest: child.value }]
      : [],
  )
  const entry = page.selected?.descriptor
  return labelRows(shown, { index: page.manifest, siblings, ...(entry && { entry }) })
}
