import type { ManifestPlace } from '@/components/manifest/manifest-place'

/** What can be downloaded of a manifest. */
export interface DownloadTarget extends ManifestPlace {
  /** For an index: the platform that the page shows. */
  readonly platform?: string
  readonly isIndex: boolean
  /** Has a file system: can be saved for `docker load` and flattened. */
  readonly isImage: boolean
  /** An OCI archive can't hold schema 1; for `docker save` it's converted. */
  readonly isSchema1: boolean
}
