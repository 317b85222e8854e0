import type { Place } from '@/lib/oci/place'

/** What a label can be added to: the manifest of the page, or the platform that it shows. */
export interface AddTarget {
  readonly digest: string
  readonly name: string
}

export interface AddLabelProps {
  place: Place
  /** The first is proposed. */
  targets: readonly AddTarget[]
}
