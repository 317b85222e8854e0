import type { Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import { childrenOf } from './index-entries.ts'
import type { IndexManifest, Manifest } from './manifest.ts'
import { MAX_DEPTH } from './max-depth.ts'

/** Resolves to undefined for content that is absent; throws for everything else. Verifies the digest. */
export type ManifestLookup = (descriptor: Descriptor) => Promise<Manifest | undefined>

/** An entry of an index, at any depth. */
export type ChildManifest = {
  readonly descriptor: Descriptor
  /** 1 for the entries of the index itself. */
  readonly depth: number
  /** The index that lists it. */
  readonly parent: Digest
} & (
  | { readonly state: 'found'; readonly manifest: Manifest }
  /** The registry does not hold it: a sparse index, which is allowed. */
  | { readonly state: 'missing' }
  /** An index that is not opened: it lists itself, was opened before, or lies too deep. */
  | { readonly state: 'cut'; readonly manifest: IndexManifest; readonly reason: 'cycle' | 'repeated' | 'too-deep' }
)

/**
 * The manifests under an index, depth first in the order of the documents, each looked up only when it is asked for.
 * Each nested index is opened once, so that a few documents that list one another cannot make endless work. Other kinds
 * of manifest have none.
 * @throws what `lookup` throws
 */
export async function* childManifests(
  manifest: Manifest,
  lookup: ManifestLookup,
): AsyncGenerator<ChildManifest, void, void> {
  if (manifest.kind === 'index') yield* walk(manifest, lookup, [manifest.digest], new Set([manifest.digest]))
}

async function* walk(
  index: IndexManifest,
  lookup: ManifestLookup,
  ancestors: readonly Digest[],
  opened: Set<Digest>,
): AsyncGenerator<ChildManifest, void, void> {
  for (const descriptor of childrenOf(index)) {
    const place = { descriptor, depth: ancestors.length, parent: index.digest }
    const manifest = await lookup(descriptor)
    if (!manifest) yield { ...place, state: 'missing' }
    else if (manifest.kind !== 'index') yield { ...place, state: 'found', manifest }
    else if (ancestors.includes(manifest.digest)) yield { ...place, state: 'cut', manifest, reason: 'cycle' }
    else if (opened.has(manifest.digest)) yield { ...place, state: 'cut', manifest, reason: 'repeated' }
    else if (ancestors.length >= MAX_DEPTH) yield { ...place, state: 'cut', manifest, reason: 'too-deep' }
    else {
      yield { ...place, state: 'found', manifest }
      opened.add(manifest.digest)
      yield* walk(manifest, lookup, [...ancestors, manifest.digest], opened)
    }
  }
}
