import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'

export interface LoadPlace {
  readonly repository: Repository
  readonly tag?: Tag
}
