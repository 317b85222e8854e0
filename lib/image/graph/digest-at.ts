import type { Digest } from '../../oci/digest.ts'
import type { Selector } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

/**
 * The reference's current digest; undefined if it doesn't exist. Every other failure is thrown, never read as absence.
 */
export async function digestAt(
  repository: Repository,
  reference: Selector,
  options: CallOptions = {},
): Promise<Digest | undefined> {
  try {
    return (await repository.resolve(reference, options)).digest
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}
