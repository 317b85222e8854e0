import { CheckOption } from '@/components/ui/check-option'

interface CopyOptionsProps {
  /** An index's platforms; empty for everything else. */
  available: readonly string[]
  /** The chosen ones; none chosen means all. */
  platforms: readonly string[]
  onPlatforms: (platforms: readonly string[]) => void
  isPartial: boolean
  referrers: boolean
  onReferrers: (referrers: boolean) => void
}

/** Which platforms to copy, and whether to copy the referrers. */
export function CopyOptions(props: CopyOptionsProps) {
  const { available, platforms, onPlatforms, isPartial, referrers, onReferrers } = props
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
        detail="Signatures, attestations and SBOMs of this image."
      >
        Copy referrers too
      </CheckOption>
    </div>
  )
}

/** At least one stays selected. Selecting all of them is the same as no choice. */
function toggled(available: readonly string[], chosen: readonly string[], platform: string): readonly string[] {
  const before = chosen.length === 0 ? available : chosen
  const after = before.includes(platform) ? before.filter((other) => other !== platform) : [...before, platform]
  if (after.length === 0) return before
  return after.length === available.length ? [] : after
}
