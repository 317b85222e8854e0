import type { Place } from '../../oci/place.ts'
import type { Repository } from '../../registry/registry.ts'

export function placeOf({ registry, name }: Repository): Place {
  return { registry: registry.name, repository: name }
}
