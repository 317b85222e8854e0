import type { Place } from '@/lib/oci/place'

/** The manifest that a page is about, as its address names it. */
export interface ManifestPlace extends Place {
  /** A tag or a digest. */
  readonly selector: string
}
