import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Image, imageOf } from '../../image/inspect/image.ts'
import { measureSizes } from '../../image/inspect/image-sizes.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Repository } from '../../registry/registry.ts'
import { recentlyMade } from '../recently-made.ts'
import { ownLabelRows } from './label-rows.ts'
import { type ManifestView, manifestView } from './manifest-view.ts'

/** From this many rows on, building a view takes a good part of a page's time. */
const LARGE = 2_000

/** A view by digest never changes, but its config may be deleted: that is noticed within a minute. */
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
    const sizes = await measureSizes(repository, manifest).catch(() => undefined)
    // For a large document each of these takes a good part of the time that others may have to wait.
    if (isLarge(image)) await nextTurn()
    const view = manifestView(image, sizes)
    if (view.labels.length > LARGE) {
      await nextTurn()
      ownLabelRows(view)
      await nextTurn()
    }
    return view
  })
}

function isLarge({ manifest, config }: Image): boolean {
  const layers = 'layers' in manifest ? manifest.layers.length : 0
  return layers + (config ? config.labels.size + config.history.length : 0) > LARGE
}
