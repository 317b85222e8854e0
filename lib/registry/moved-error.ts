import type { Digest } from '../oci/digest.ts'
import type { Selector } from '../oci/reference.ts'
import { RegistryError } from './errors.ts'

/**
 * A `conflict`: a tag points at another digest than the user was shown.
 * @param expected as shown; `null`: the tag didn't exist @param found now; `undefined`: it doesn't exist
 */
export function movedError(
  place: { readonly host: string; readonly repository: string },
  reference: Selector,
  expected: Digest | null,
  found: Digest | undefined,
): RegistryError {
  return new RegistryError('conflict', `${place.repository}:${reference} ${whatHappened(expected, found)}`, {
    ...place,
    expected: expected ?? 'absent',
    found: found ?? 'absent',
  })
}

function whatHappened(expected: Digest | null, found: Digest | undefined): string {
  if (expected === null) return 'was created in the meantime'
  return found === undefined ? 'no longer exists' : 'has moved since it was shown'
}
