import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import type { Selector } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { edgesOf } from '../graph/edges.ts'

/** Content that a manifest needs, and the way to it: `manifests[1].layers[0]`. */
export interface ContentAt {
  readonly descriptor: Descriptor
  readonly path: string
}

export interface CompletenessReport {
  /** Nothing is missing or corrupt. */
  readonly complete: boolean
  readonly missing: readonly ContentAt[]
  readonly corrupt: readonly (ContentAt & { readonly reason: string })[]
  /** Absent foreign layers, which don't count as missing. */
  readonly foreignLayers: readonly ContentAt[]
  /** Distinct manifests and blobs checked. */
  readonly checked: number
}

export interface CheckOptions extends CallOptions {
  /** Reads and hashes every blob instead of only asking for its size. */
  readonly full?: boolean
  readonly onProgress?: (progress: { readonly checked: number; readonly bytes: number }) => void
}

const MAX_CONTENT = 20_000

/**
 * Lists an image's missing content: every manifest, config and layer under `reference`, through indexes. Without `full`
 * a blob is asked for by HEAD and its size compared; with it the bytes are hashed. Content shared by several parents is
 * checked once.
 * @throws RegistryError when the root is absent or the registry fails: a failure is never reported as missing content
 */
export async function checkCompleteness(
  repository: Repository,
  reference: Selector,
  { full = false, signal, onProgress }: CheckOptions = {},
): Promise<CompletenessReport> {
  const options = { signal }
  const missing: ContentAt[] = []
  const corrupt: (ContentAt & { reason: string })[] = []
  const foreignLayers: ContentAt[] = []
  const blobs = new Map<Digest, ContentAt>()
  const seen = new Set<Digest>()
  let bytes = 0
  let checked = 0
  const report = (size: number) => {
    checked++
    bytes += size
    onProgress?.({ checked, bytes })
  }

  const fresh = { ...options, fresh: true }
  const root = await repository.manifest(reference, fresh)
  report(root.size)
  seen.add(root.digest)
  let level: { manifest: Manifest; path: string }[] = [{ manifest: root, path: '' }]
  for (let depth = 0; level.length > 0; depth++) {
    const children: ContentAt[] = []
    for (const parent of level)
      for (const { descriptor, path, to } of edgesOf(parent.manifest)) {
        const at = { descriptor, path: parent.path ? `${parent.path}.${path}` : path }
        if (to === 'blob') blobs.set(descriptor.digest, blobs.get(descriptor.digest) ?? at)
        else if (!seen.has(descriptor.digest)) {
          seen.add(descriptor.digest)
          children.push(at)
        }
      }
    if (seen.size + blobs.size > MAX_CONTENT || (depth >= MAX_DEPTH && children.length > 0))
      throw new RegistryError(
        'too-large',
        `${root.digest} reaches more than ${MAX_CONTENT} contents or ${MAX_DEPTH} levels`,
        {
          host: repository.registry.location,
          repository: repository.name,
        },
      )
    const readChild = async (at: ContentAt) => {
      const manifest = await examine(at, () => repository.manifest(at.descriptor.digest, fresh), missing, corrupt)
      report(manifest?.size ?? 0)
      return manifest ? [{ manifest, path: at.path }] : []
    }
    level = (await mapConcurrent(children, readChild, options)).flat()
  }

  const checkBlob = async (at: ContentAt) => {
    const absent = isForeignLayer(at.descriptor) ? foreignLayers : missing
    await examine(at, () => checkOne(repository, at.descriptor, full, options), absent, corrupt)
    report(Math.max(0, at.descriptor.size))
  }
  // A whole blob at a time per lane is enough to fill a connection; more would only hold more of them open.
  await mapConcurrent([...blobs.values()], checkBlob, { ...options, ...(full && { limit: 4 }) })
  return { complete: missing.length + corrupt.length === 0, missing, corrupt, foreignLayers, checked }
}

/** Runs one check and classifies the result: missing, wrong, or a registry failure, which is thrown. */
async function examine<T>(
  at: ContentAt,
  look: () => Promise<T>,
  missing: ContentAt[],
  corrupt: (ContentAt & { reason: string })[],
): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) missing.push(at)
    else if (isRegistryError(error, 'digest-mismatch', 'size-mismatch', 'malformed') || error instanceof FormatError)
      corrupt.push({ ...at, reason: error.message })
    else throw error
    return undefined
  }
}

async function checkOne(
  repository: Repository,
  descriptor: Descriptor,
  full: boolean,
  options: CallOptions,
): Promise<void> {
  const { digest, size } = descriptor
  const details = { host: repository.registry.location, repository: repository.name, expected: digest }
  if (full) {
    const read = await repository.blob(digest, options)
    let found = 0
    for await (const chunk of read.stream) found += chunk.length
    expectSize(size, found, details)
    return
  }
  const found = await repository.statBlob(digest, options)
  if (!found) throw new RegistryError('not-found', `${digest} is missing`, details)
  expectSize(size, found.size, details)
}

function expectSize(expected: number, found: number, details: { host: string; repository: string }): void {
  if (expected !== UNKNOWN_SIZE && expected !== found)
    throw new RegistryError('size-mismatch', `holds ${found} bytes where the manifest says ${expected}`, details)
}
