import { imageOf } from '../../image/inspect/image.ts'
import { measureSizes } from '../../image/inspect/image-sizes.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Repository } from '../../registry/registry.ts'
import { recentlyMade } from '../recently-made.ts'
import { type ManifestView, manifestView } from './manifest-view.ts'

/** Rows from which on making a view takes a good part of a page's time. */
const LARGE = 2_000

/** A view by digest never changes, but its config may be deleted: that shows within a minute. */
const recently = recentlyMade<ManifestView>('manifest-views', {
  most: 16,
  keepFor: 60_000,
  isWorthKeeping: ({ labels, steps, configProblem }) => !configProblem && labels.length + steps.length > LARGE,
})

/** A manifest that was read from the repository, with its config. */
export async function readView(repository: Repository, manifest: Manifest): Promise<ManifestView> {
  return recently(`${repository.registry.name}/${repository.name}@${manifest.digest}`, async () => {
    const image = await imageOf(repository, manifest)
    // Sizes are worth a few requests, but the page doesn't fail without them.
    return manifestView(image, await measureSizes(repository, manifest).catch(() => undefined))
  })
}
