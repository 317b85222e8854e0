import type { ManifestPlace } from './manifest-place'

export interface CheckTarget extends ManifestPlace {
  readonly digest: string
}
