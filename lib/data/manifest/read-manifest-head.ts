import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { RepositoryName, TagOrDigest } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'

/** What the manifest alone says. */
export interface ManifestHead {
  readonly digest: string
  readonly mediaType: string
  /** Bytes of the manifest itself. */
  readonly size: number
}

/**
 * Whether there is a manifest, and what can be said before its configuration and children are read. Shares its one
 * request with `readManifestPage`.
 * @throws RegistryError, FormatError, AccessError
 */
export async function readManifestHead(
  actor: Actor,
  registry: string,
  repository: RepositoryName,
  reference: TagOrDigest,
): Promise<ManifestHead> {
  const { digest, mediaType, size } = await openRepository(actor, 'browse', { registry, repository }).manifest(
    reference,
  )
  return { digest, mediaType, size }
}
