import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { ReferrerCounts } from '../../catalog/catalog.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { countStatements } from '../../image/referrers/statements.ts'
import type { Place } from '../../oci/place.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'
import { findReferrers, type ReferrerSubject } from './read-referrers.ts'

export type { ReferrerCounts }

/** A count is secondary on its page, so it may be this old. */
const FRESH_FOR = 30_000

/**
 * How many referrers a manifest has, by kind, without reading them.
 * @throws RegistryError, also when not all of them can be listed; FormatError, AccessError
 */
export async function countReferrers(actor: Actor, place: Place, subject: ReferrerSubject): Promise<ReferrerCounts> {
  const repository = openRepository(actor, 'browse', place)
  const about = [subject.digest, subject.child, subject.parent].join(' ')
  return catalogOf(repository.registry).referrerCounts(repository, about, FRESH_FOR, async () => {
    const { found, partial } = await findReferrers(repository, subject)
    if (partial !== undefined)
      throw new RegistryError('unavailable', `can’t count what refers to ${subject.digest}: ${partial}`, {
        host: repository.registry.location,
        repository: repository.name,
      })
    return countStatements(found.map(({ referrer }) => referrer))
  })
}
