import { type Digest, isDigest } from '../../oci/digest.ts'
import { type LabelRow, labelRows, ownLabelRows } from './label-rows.ts'
import type { ManifestView } from './manifest-view.ts'
import type { ManifestPage } from './read-manifest.ts'

/** The selected child, unless its digest can't be verified: then there is nothing that could be asked about it. */
export function selectedDigest({ selected }: Pick<ManifestPage, 'selected'>): Digest | undefined {
  const digest = selected?.descriptor.digest
  return isDigest(digest) ? digest : undefined
}

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
