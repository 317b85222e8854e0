import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ReferrerCounts } from '../../catalog/catalog.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { countStatements } from '../../image/referrers/statements.ts'
import type { Place } from '../../oci/place.ts'
import { openRepository } from '../registries/open.ts'
import { findReferrers, type ReferrerSubject } from './read-referrers.ts'

export type { ReferrerCounts }

/** A count stands beside a page that is about something else: it may be so old. */
const FRESH_FOR = 30_000

/** How much is said about a manifest, by kind, without reading it. @throws RegistryError, FormatError, AccessError */
export async function countReferrers(actor: Actor, place: Place, subject: ReferrerSubject): Promise<ReferrerCounts> {
  const repository = openRepository(actor, 'browse', place)
  const about = [subject.digest, subject.child, subject.parent].join(' ')
  return theCatalog().referrerCounts(repository, about, FRESH_FOR, async () => {
    const { found } = await findReferrers(repository, subject)
    return countStatements(found.map(({ referrer }) => referrer))
  })
}
