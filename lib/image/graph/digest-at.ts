import type { Digest } from '../../oci/digest.ts'
import type { TagOrDigest } from '../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

/** What the reference points at now; undefined when it does not exist. Every other failure is thrown, never read as absence. */
export async function digestAt(
  repository: Repository,
  reference: TagOrDigest,
  options: CallOptions = {},
): Promise<Digest | undefined> {
  try {
    return (await repository.resolve(reference, options)).digest
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

/** A `conflict` that carries what the user was shown and what is there now. */
export function movedError(
  repository: Repository,
  reference: TagOrDigest,
  expected: Digest | null,
  found: Digest | undefined,
): RegistryError {
  return new RegistryError('conflict', `${repository.name}:${reference} has changed since it was shown`, {
    host: repository.registry.location,
    repository: repository.name,
    expected: expected ?? 'absent',
    found: found ?? 'absent',
  })
}
