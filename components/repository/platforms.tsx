import { plural } from '@/lib/format/bytes'
import { isUnknownPlatform } from '@/lib/format/platform'

const SHOWN = 2

/** `linux/amd64, arm64 +1`: the first few, the rest on hover; attestations are a count. */
export function Platforms({ platforms: all, attestations }: { platforms: readonly string[]; attestations: number }) {
  const platforms = all.filter((platform) => !isUnknownPlatform(platform))
  if (all.length === 0 && attestations === 0) return <span className="text-faint">–</span>
  const shown = platforms
    .slice(0, SHOWN)
    .map((platform, index) => (index > 0 && platform.startsWith('linux/') ? platform.slice(6) : platform))
  const title = [
    ...platforms,
    ...(attestations > 0 ? [plural(attestations, 'attestation')] : []),
    ...(platforms.length < all.length ? ['Content that runs nowhere'] : []),
  ].join('\n')
  return (
    <span className="block truncate text-muted" title={title}>
      {shown.join(', ')}
      {platforms.length > SHOWN && (
        <span className="ml-1 text-faint">
          +{platforms.length - SHOWN}
          <span className="sr-only"> more</span>
        </span>
      )}
    </span>
  )
}
