import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { listedManifests } from '../../image/platform/platform-leaf.ts'
import type { Place } from '../../oci/place.ts'
import { formatPlatform } from '../../oci/platform.ts'
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
  const repository = openRepository(actor, 'browse', place)
  const manifest = await repository.manifest(reference)
  const listed = manifest.kind === 'index' ? (await listedManifests(repository, manifest)).runnable : []
  const platforms = listed.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : []))
  const referrers = await countReferrers(actor, place, { digest: manifest.digest }).catch(() => undefined)
  return { digest: manifest.digest, platforms: [...new Set(platforms)], ...(referrers && { referrers }) }
}
