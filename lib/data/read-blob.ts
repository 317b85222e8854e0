import 'server-only'
import type { Actor } from '../access/actor.ts'
import type { Digest } from '../oci/digest.ts'
import type { RepositoryName } from '../oci/reference.ts'
import { isRegistryError, RegistryError } from '../registry/errors.ts'
import type { BlobRead, CallOptions } from '../registry/registry.ts'
import { openRepository } from './read-manifest.ts'

export interface BlobView {
  readonly kind: 'blob'
  readonly size: number
  /** The text, where it is a JSON document small enough to show. */
  readonly json?: string
}

const SHOWN_LIMIT = 1024 * 1024

/** Whether a digest is a manifest's or a blob's; of a blob what can be shown. @throws RegistryError `not-found` when it is neither */
export async function lookUpDigest(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  digest: Digest,
): Promise<{ readonly kind: 'manifest' } | BlobView> {
  const repository = openRepository(actor, registry, name)
  try {
    await repository.resolve(digest)
    return { kind: 'manifest' }
  } catch (error) {
    if (!isRegistryError(error, 'not-found')) throw error
  }
  const stat = await repository.statBlob(digest)
  if (!stat) throw new RegistryError('not-found', `${name} has neither a manifest nor a blob ${digest}`)
  if (stat.size > SHOWN_LIMIT) return { kind: 'blob', size: stat.size }
  const json = jsonText(await repository.blobBytes(digest, { limit: SHOWN_LIMIT }))
  return { kind: 'blob', size: stat.size, ...(json !== undefined && { json }) }
}

/** A verified stream of a blob, for a download. @throws RegistryError, AccessError */
export async function readBlob(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  digest: Digest,
  options: CallOptions,
): Promise<BlobRead> {
  return openRepository(actor, registry, name).blob(digest, options)
}

function jsonText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}
