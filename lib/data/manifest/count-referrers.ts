import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { processWide } from '../../config/process-wide.ts'
import type { ReferrerKind } from '../../image/referrers/referrer-kind.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'
import { findReferrers, type ReferrerSubject } from './read-referrers.ts'

/** A count stands beside a page that is about something else: it may be so old. */
const FRESH_FOR = 30_000
const KEPT = 500

export type ReferrerCounts = Readonly<Record<ReferrerKind, number>>

/** How much is said about a manifest, by kind, without reading it. @throws RegistryError, FormatError, AccessError */
export async function countReferrers(
  actor: Actor,
  registry: string,
  name: RepositoryName,
  subject: ReferrerSubject,
): Promise<ReferrerCounts> {
  const repository = openRepository(actor, 'browse', { registry, repository: name })
  const key = [registry, name, subject.digest, subject.child, subject.parent].join(' ')
  const known = kept().get(key)
  if (known && Date.now() - known.at < FRESH_FOR) return known.counts
  const counts = findReferrers(repository, subject).then(({ found }) =>
    countKinds(found.map(({ referrer }) => referrer)),
  )
  kept().delete(key)
  kept().set(key, { at: Date.now(), counts })
  const oldest = kept().keys().next()
  if (kept().size > KEPT && !oldest.done) kept().delete(oldest.value)
  counts.catch(() => kept().delete(key))
  return counts
}

export function countKinds(items: readonly { readonly kind: ReferrerKind }[]): ReferrerCounts {
  const counts = { signature: 0, attestation: 0, sbom: 0, artifact: 0 }
  for (const { kind } of items) counts[kind] += 1
  return counts
}

const kept = () =>
  processWide(
    'referrer-counts',
    () => new Map<string, { readonly at: number; readonly counts: Promise<ReferrerCounts> }>(),
  )
