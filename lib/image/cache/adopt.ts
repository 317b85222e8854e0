import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { edgesOf } from '../graph/edges.ts'
import { readIfPresent } from '../graph/scan-tags.ts'

/**
 * Copies into a repository of the cache what another one has under `digest`: its blobs, and below an index the children
 * that are there. The manifest itself is the caller's to name. Resolves to it; undefined where no repository has it.
 */
export async function adopt(to: Repository, digest: Digest, options: CallOptions): Promise<Manifest | undefined> {
  const own = await readIfPresent(to, digest, options)
  if (own) return own
  for await (const name of to.registry.repositories(options)) {
    const from = to.registry.repository(name)
    const found = await readIfPresent(from, digest, options)
    if (!found) continue
    await shareContent(from, to, found, options)
    return found
  }
  return undefined
}

async function shareContent(from: Repository, to: Repository, manifest: Manifest, options: CallOptions): Promise<void> {
  for (const edge of edgesOf(manifest)) {
    const { digest } = edge.descriptor
    if (edge.to === 'blob') {
      await to.mountBlob(digest, from.name, options)
      continue
    }
    const child = await readIfPresent(from, digest, options)
    if (!child) continue
    await shareContent(from, to, child, options)
    await to.putManifest(digest, child, options)
  }
}
