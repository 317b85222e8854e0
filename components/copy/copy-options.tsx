import { CheckOption } from '@/components/ui/check-option'
import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { plural } from '@/lib/format/bytes'

interface CopyOptionsProps {
  /** An index's platforms; empty for everything else. */
  available: readonly string[]
  /** The chosen ones; none chosen means all. */
  platforms: readonly string[]
  onPlatforms: (platforms: readonly string[]) => void
  isPartial: boolean
  /** What refers to the image; absent while that isn't known. */
  counts: ReferrerCounts | undefined
  referrers: boolean
  onReferrers: (referrers: boolean) => void
}

/** Which platforms to copy, and whether to copy the referrers. */
export function CopyOptions(props: CopyOptionsProps) {
  const { available, platforms, onPlatforms, isPartial, counts, referrers, onReferrers } = props
  return (
    <div className="space-y-3 text-sm">
      {available.length > 1 && (
        <fieldset>
          <legend className="mb-1 font-medium">Platforms</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5">
            {available.map((platform) => (
              <label key={platform} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={platforms.length === 0 || platforms.includes(platform)}
                  onChange={() => onPlatforms(toggled(available, platforms, platform))}
                  className="size-4"
                />
                {platform}
              </label>
            ))}
          </div>
          <p className="mt-1 text-xs text-muted">
            {isPartial
              ? 'The copy’s index lists only these platforms, so its digest changes and signatures of the whole index won’t match.'
              : 'All platforms: the copy keeps its digest.'}
          </p>
        </fieldset>
      )}
      <CheckOption
        checked={referrers}
        onChange={onReferrers}
        detail={counts ? describeCounts(counts) : 'Signatures, attestations and SBOMs of this image.'}
      >
        {counts && totalOf(counts) > 0 ? `Copy ${plural(totalOf(counts), 'referrer')} too` : 'Copy referrers too'}
      </CheckOption>
    </div>
  )
}

const NOUNS = [
  ['signature', 'signature'],
  ['attestation', 'attestation'],
  ['sbom', 'SBOM'],
  ['artifact', 'other artifact'],
] as const

function totalOf(counts: ReferrerCounts): number {
  return NOUNS.reduce((sum, [kind]) => sum + counts[kind], 0)
}

/** `2 signatures, 1 SBOM` */
function describeCounts(counts: ReferrerCounts): string {
  const parts = NOUNS.flatMap(([kind, noun]) => (counts[kind] > 0 ? [plural(counts[kind], noun)] : []))
  return parts.length > 0 ? parts.join(', ') : 'Nothing refers to this image.'
}

/** At least one stays selected. Selecting all of them is the same as no choice. */
function toggled(available: readonly string[], chosen: readonly string[], platform: string): readonly string[] {
  const before = chosen.length === 0 ? available : chosen
  const after = before.includes(platform) ? before.filter((other) => other !== platform) : [...before, platform]
  if (after.length === 0) return before
  return after.length === available.length ? [] : after
}
