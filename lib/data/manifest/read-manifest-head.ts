import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Place } from '../../oci/place.ts'
import type { Selector } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'
import { manifestOrLastSeen } from './manifest-or-last-seen.ts'

/** The facts in the manifest alone. */
export interface ManifestHead {
  readonly digest: string
  readonly mediaType: string
  /** Bytes of the manifest itself. */
  readonly size: number
}

/**
 * Whether the manifest exists, and its facts before its configuration and children are read. Shares its one request
 * with `readManifestPage`.
 * @throws RegistryError, FormatError, AccessError
 */
export async function readManifestHead(actor: Actor, place: Place, reference: Selector): Promise<ManifestHead> {
  const { manifest } = await manifestOrLastSeen(actor, openRepository(actor, 'browse', place), reference)
  const { digest, mediaType, size } = manifest
  return { digest, mediaType, size }
}
