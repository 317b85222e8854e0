import { algorithmOf, type Digest, hexOf, isDigest } from '../../oci/digest.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'

export type CosignSuffix = 'sig' | 'att' | 'sbom'

/** A tag that exists only to attach something to a digest. */
export interface ReferrersTag {
  readonly algorithm: 'sha256' | 'sha512'
  /** As in the tag: the fallback tag of a sha512 digest keeps only its first 64 digits. */
  readonly hex: string
  /** Cosign's kind of content; absent for the fallback index of the referrers API. */
  readonly suffix?: CosignSuffix
}

/** distribution-spec, "Referrers Tag Schema", and cosign's names beside it. */
const REFERRERS_TAG = /^(sha256|sha512)-([0-9a-f]{64}|[0-9a-f]{128})(?:\.(sig|att|sbom))?$/

/** Reads `sha256-<hex>` and `sha256-<hex>.sig`; undefined for ordinary tags. */
export function parseReferrersTag(tag: string): ReferrersTag | undefined {
  const [, algorithm, hex, suffix] = REFERRERS_TAG.exec(tag) ?? []
  if (!hex || (algorithm !== 'sha256' && algorithm !== 'sha512')) return undefined
  return { algorithm, hex, ...((suffix === 'sig' || suffix === 'att' || suffix === 'sbom') && { suffix }) }
}

/** True for a tag that is there for another manifest: the fallback index of referrers, cosign's `.sig`, `.att`, `.sbom`. */
export function isReferrersTag(tag: string): boolean {
  return parseReferrersTag(tag) !== undefined
}

/** The digest that the tag is attached to, if the tag contains all of it. */
export function subjectOf({ algorithm, hex }: ReferrersTag): Digest | undefined {
  const digest = `${algorithm}:${hex}`
  return isDigest(digest) ? digest : undefined
}

/** The tag that cosign uses: `sha256-<hex>.sig`. Cut to the 128 characters that a tag may have. */
export function cosignTag(subject: Digest, suffix: CosignSuffix): Tag {
  return parseTag(`${algorithmOf(subject)}-${hexOf(subject)}.${suffix}`.slice(0, 128))
}
