import type { Place } from '@/lib/oci/place'

export interface SbomSource extends Place {
  readonly digest: string
}
