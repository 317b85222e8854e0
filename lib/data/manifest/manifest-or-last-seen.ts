import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Selector } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isOutage, RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import type { LastSeen } from '../registries/last-seen.ts'
import { heldRepository } from './held-repository.ts'

/** Milliseconds that a page waits for a registry that failed lately. */
const PATIENCE = 5_000

interface ReadManifest {
  readonly manifest: Manifest
  /** To read what belongs to the manifest. */
  readonly repository: Repository
  readonly lastSeen?: LastSeen
}

/**
 * The manifest that a reference names. While the registry is down, the one that a tag was last seen on, if the cache
 * still holds it.
 * @throws RegistryError, FormatError
 */
export async function manifestOrLastSeen(
  actor: Actor,
  repository: Repository,
  reference: Selector,
): Promise<ReadManifest> {
  const place = placeOf(repository)
  const signal = catalogOf(repository.registry).hasFailed(place) ? AbortSignal.timeout(PATIENCE) : undefined
  try {
    return { manifest: await repository.manifest(reference, { signal }), repository }
  } catch (error) {
    const outage = signal?.aborted ? late(repository, error) : error
    if (!isOutage(outage) || isDigest(reference)) throw outage
    const record = (await catalogOf(repository.registry).catalog.tagRecords(place, [reference])).get(reference)
    if (!record?.value.ok) throw outage
    const held = heldRepository(repository, outage)
    const manifest = await held.manifest(record.value.summary.digest)
    const at = new Date(record.seenAt).toISOString()
    return { manifest, repository: held, lastSeen: { at, problem: problemOf(outage, actor) } }
  }
}

function late({ name, registry }: Repository, cause: unknown): RegistryError {
  const message = `${registry.location} didn’t answer within ${PATIENCE / 1_000} seconds`
  return new RegistryError('timeout', message, { host: registry.location, repository: name }, { cause })
}
