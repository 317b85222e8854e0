import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Selector } from '../../oci/reference.ts'
import { successors } from '../../oci/successors.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { freeOnceWritten } from '../../registry/freed-pieces.ts'
import type { BlobRead, CallOptions, Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'

export interface BlobView {
  readonly kind: 'blob'
  readonly size: number
  /** Too large to show. */
  readonly isLarge: boolean
  /** The text, where it is a JSON document small enough to show. */
  readonly json?: string
  /** From the manifest that it was reached from. */
  readonly mediaType?: string
  /** That manifest, if it does name the blob. */
  readonly from?: Selector
}

const SHOWN_LIMIT = 1024 * 1024

/** Whether a digest is a manifest's or a blob's; of a blob what can be shown. @throws RegistryError `not-found` when it is neither */
export async function lookUpDigest(
  actor: Actor,
  place: Place,
  digest: Digest,
  { from }: { readonly from?: Selector | undefined } = {},
): Promise<{ readonly kind: 'manifest' } | BlobView> {
  const repository = openRepository(actor, 'browse', place)
  // The blob is requested first: distribution 2.8 answers 500 when a blob is requested as a manifest.
  const stat = await repository.statBlob(digest)
  if (!stat) {
    await repository.resolve(digest)
    return { kind: 'manifest' }
  }
  const origin = from ? await originOf(repository, digest, from) : {}
  if (stat.size > SHOWN_LIMIT) return { kind: 'blob', size: stat.size, isLarge: true, ...origin }
  const json = jsonText(await repository.blobBytes(digest, { limit: SHOWN_LIMIT }))
  // Some registries, zot among them, serve manifests as blobs too.
  if (json !== undefined && 'schemaVersion' in json.value && (await isManifest(repository, digest)))
    return { kind: 'manifest' }
  return { kind: 'blob', size: stat.size, isLarge: false, ...(json && { json: json.text }), ...origin }
}

/** A manifest's descriptor of one of its blobs; nothing if it can't be read, or doesn't list it. */
async function originOf(
  repository: Repository,
  digest: Digest,
  from: Selector,
): Promise<Pick<BlobView, 'mediaType' | 'from'>> {
  const manifest = await repository.manifest(from).catch(() => undefined)
  const named = manifest && successors(manifest).find((descriptor) => descriptor.digest === digest)
  return named ? { mediaType: named.mediaType, from } : {}
}

/** A verified stream of a blob, for downloads only. @throws RegistryError, AccessError */
export async function readBlob(actor: Actor, place: Place, digest: Digest, options: CallOptions): Promise<BlobRead> {
  const read = await openRepository(actor, 'browse', place).blob(digest, options)
  freeOnceWritten(read.stream)
  return read
}

async function isManifest(repository: Repository, digest: Digest): Promise<boolean> {
  try {
    await repository.resolve(digest)
    return true
  } catch (error) {
    if (isRegistryError(error, 'not-found') || isRegistryError(error, 'unavailable')) return false
    throw error
  }
}

function jsonText(bytes: Uint8Array): { readonly text: string; readonly value: object } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    return { text, value: typeof value === 'object' && value !== null ? value : {} }
  } catch {
    return undefined
  }
}
