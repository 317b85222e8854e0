import type { Digest } from '../../../oci/digest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { isOutage, isRegistryError, type RegistryError } from '../../errors.ts'
import { movedError } from '../../moved-error.ts'
import type { DeletionEntry, TagDeletion } from '../../registry.ts'
import type { RepositoryContext } from '../repository-context.ts'

/**
 * Ends the journal's entry with the outcome, or with `failed` without one. If the registry's state couldn't be
 * checked any more, the entry stays open, for recovery to settle.
 */
export async function journalled<T extends TagDeletion | undefined>(
  entry: DeletionEntry | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let outcome: T
  try {
    outcome = await work()
  } catch (error) {
    if (!isOutage(error)) await entry?.end('failed')
    throw error
  }
  await entry?.end(outcome?.outcome ?? 'unsupported')
  return outcome
}

export function moved(
  context: RepositoryContext,
  tag: Tag,
  expected: Digest,
  found: Digest | undefined,
): RegistryError {
  return movedError({ host: context.client.endpoint.host, repository: context.name }, tag, expected, found)
}

/** @throws whatever isn’t the registry’s answer */
export function ignoreRefusal(error: unknown): undefined {
  if (!isRegistryError(error)) throw error
}
