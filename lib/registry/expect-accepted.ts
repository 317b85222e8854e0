import type { Manifest } from '../oci/manifest.ts'
import { bareMediaType } from '../oci/media-type.ts'
import type { Selector } from '../oci/reference.ts'
import { RegistryError } from './errors.ts'

/**
 * The manifest, when its type is one of those asked for. Registries are free to send another than a client accepts
 * (distribution-spec, "Pulling manifests"), and some do by digest; a caller that asked for one kind can't use another.
 * @throws RegistryError `not-found` otherwise
 */
export function expectAccepted(
  manifest: Manifest,
  reference: Selector,
  accept: readonly string[] | undefined,
  where: { readonly host: string; readonly repository: string },
): Manifest {
  if (!accept || accept.some((type) => bareMediaType(type) === manifest.mediaType)) return manifest
  const details = { ...where, expected: accept.join(', '), found: manifest.mediaType }
  const message = `${where.repository} has no ${reference} of the types asked for: it is ${manifest.mediaType || 'of no type'}`
  throw new RegistryError('not-found', message, details)
}
