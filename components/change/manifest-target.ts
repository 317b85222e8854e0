import type { ManifestPlace } from '@/components/manifest/manifest-place'
import { isDigestSelector } from '@/lib/routes/selector'

/** A manifest as its page showed it, and what the user may do with it. */
export interface ManifestTarget extends ManifestPlace {
  /** What was shown: every change carries it. */
  readonly digest: string
  readonly may: { readonly retag: boolean; readonly delete: boolean; readonly copy: boolean }
}

/** The proposed destination of a copy: the same name in another registry, if there is one. */
export function destinationOf({ repository, selector }: ManifestTarget) {
  return { repository, tag: isDigestSelector(selector) ? '' : selector }
}
