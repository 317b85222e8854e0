import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { edgesOf } from '../graph/edges.ts'

/** Everything the destination needs before its manifest: each content once, however many share it. */
export interface CopyPlan {
  /** Distinct blobs, largest first, so that the longest transfer does not start last. */
  readonly blobs: readonly Descriptor[]
  /** Distinct manifests below the root in levels, deepest first: each level needs only the ones before it. */
  readonly levels: readonly (readonly Manifest[])[]
  /** Foreign layers that the source does not hold: their document says where they are. */
  readonly foreignLayers: readonly Descriptor[]
}

const MAX_CONTENT = 20_000

/**
 * Walks everything that `root` needs. `children` replaces the root's own list, for an index that is copied in part.
 * @throws RegistryError `missing-content` when the source lacks a manifest that an index lists; FormatError
 *   `digest-algorithm` for content that can't be verified
 */
export async function planCopy(
  source: Repository,
  root: Manifest,
  { children, signal }: CallOptions & { readonly children?: readonly Descriptor[] } = {},
): Promise<CopyPlan> {
  const options = { signal }
  const blobs = new Map<Digest, Descriptor>()
  const foreign = new Map<Digest, Descriptor>()
  const depthOf = new Map<Digest, { manifest: Manifest; depth: number }>()
  const wanted = children && new Set(children.map((child) => child.digest))
  let level: Manifest[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    const next = new Map<Digest, Descriptor>()
    for (const manifest of level) {
      if (manifest !== root) depthOf.set(manifest.digest, { manifest, depth })
      for (const { descriptor, to } of edgesOf(manifest))
        if (to === 'manifest') {
          if (manifest !== root || !wanted || wanted.has(descriptor.digest)) next.set(descriptor.digest, descriptor)
        } else if (isForeignLayer(descriptor)) foreign.set(descriptor.digest, descriptor)
        else blobs.set(parseDigest(descriptor.digest), descriptor)
    }
    if (depth > MAX_DEPTH || blobs.size + foreign.size + depthOf.size + next.size > MAX_CONTENT)
      throw new RegistryError(
        'too-large',
        `${root.digest} reaches more than ${MAX_CONTENT} contents or ${MAX_DEPTH} levels`,
        {
          host: source.registry.location,
          repository: source.name,
        },
      )
    // A manifest met again deeper down is put where its deepest parent needs it.
    level = await mapConcurrent(
      [...next.keys()],
      async (digest) => depthOf.get(digest)?.manifest ?? (await readChild(source, root, digest, options)),
      options,
    )
  }
  const foreignLayers: Descriptor[] = []
  const place = async (descriptor: Descriptor) => {
    if (blobs.has(descriptor.digest)) return
    if (await source.statBlob(descriptor.digest, options)) blobs.set(descriptor.digest, descriptor)
    else foreignLayers.push(descriptor)
  }
  await mapConcurrent([...foreign.values()], place, options)
  const byDepth = Map.groupBy(depthOf.values(), ({ depth }) => depth)
  const depths = [...byDepth.keys()].sort((a, b) => b - a)
  return {
    blobs: [...blobs.values()].sort((a, b) => b.size - a.size),
    levels: depths.map((depth) => (byDepth.get(depth) ?? []).map(({ manifest }) => manifest)),
    foreignLayers,
  }
}

/** Bytes of the blobs, as far as their documents state them. */
export function knownBytes(blobs: readonly Descriptor[]): number {
  return blobs.reduce((total, { size }) => total + (size === UNKNOWN_SIZE ? 0 : size), 0)
}

async function readChild(source: Repository, root: Manifest, digest: Digest, options: CallOptions): Promise<Manifest> {
  try {
    return await source.manifest(digest, options)
  } catch (error) {
    if (!isRegistryError(error, 'not-found', 'missing-content')) throw error
    throw new RegistryError(
      'missing-content',
      `${root.digest} lists ${digest}, which ${source.name} doesn’t have: copy only the platforms it has`,
      { host: source.registry.location, repository: source.name, expected: digest },
      { cause: error },
    )
  }
}
