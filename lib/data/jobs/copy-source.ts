import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { childrenOf } from '../../oci/index-entries.ts'
import type { Place } from '../../oci/place.ts'
import { formatPlatform, isAttestation } from '../../oci/platform.ts'
import type { Selector } from '../../oci/reference.ts'
import { countReferrers, type ReferrerCounts } from '../manifest/count-referrers.ts'
import { openRepository } from '../registries/open.ts'

/** What a copy can be made of. */
export interface CopySourceView {
  readonly digest: string
  /** Of an index; empty for everything else. */
  readonly platforms: readonly string[]
  /** What refers to it; absent if unknown. */
  readonly referrers?: ReferrerCounts
}

/** @throws RegistryError `not-found`, FormatError, AccessError */
export async function readCopySource(actor: Actor, place: Place, reference: Selector): Promise<CopySourceView> {
  const manifest = await openRepository(actor, 'browse', place).manifest(reference)
  const children = manifest.kind === 'index' ? childrenOf(manifest) : []
  const platforms = children.flatMap((child) =>
    child.platform && !isAttestation(child) ? [formatPlatform(child.platform)] : [],
  )
  const referrers = await countReferrers(actor, place, { digest: manifest.digest }).catch(() => undefined)
  return { digest: manifest.digest, platforms: [...new Set(platforms)], ...(referrers && { referrers }) }
}
