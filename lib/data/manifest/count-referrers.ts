import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ReferrerCounts } from '../../catalog/catalog.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { countStatements } from '../../image/referrers/statements.ts'
import type { Place } from '../../oci/place.ts'
import { openRepository } from '../registries/open.ts'
import { findReferrers, type ReferrerSubject } from './read-referrers.ts'

export type { ReferrerCounts }

/** A count is secondary on its page, so it may be this old. */
const FRESH_FOR = 30_000

/** How many referrers a manifest has, by kind, without reading them. @throws RegistryError, FormatError, AccessError */
export async function countReferrers(actor: Actor, place: Place, subject: ReferrerSubject): Promise<ReferrerCounts> {
  const repository = openRepository(actor, 'browse', place)
  const about = [subject.digest, subject.child, subject.parent].join(' ')
  return catalogOf(repository.registry).referrerCounts(repository, about, FRESH_FOR, async () => {
    const { found } = await findReferrers(repository, subject)
    return countStatements(found.map(({ referrer }) => referrer))
  })
}
