import { plural } from '@/lib/format/bytes'
import { isUnknownPlatform } from '@/lib/format/platform'

const SHOWN = 2

/** `linux/amd64, arm64 +1`: the first two, all of them on hover; attestations are a count. */
export function Platforms({ platforms: all, attestations }: { platforms: readonly string[]; attestations: number }) {
  const platforms = all.filter((platform) => !isUnknownPlatform(platform))
  if (platforms.length === 0)
    return (
      <span className="unknown" title={attestations > 0 ? plural(attestations, 'attestation') : undefined}>
        {all.length > 0 ? 'not runnable' : '–'}
      </span>
    )
  const shown = platforms
    .slice(0, SHOWN)
    .map((platform, index) => (index > 0 && platform.startsWith('linux/') ? platform.slice(6) : platform))
  const title = [
    ...platforms,
    ...(attestations > 0 ? [plural(attestations, 'attestation')] : []),
    ...(platforms.length < all.length ? ['Not runnable (no platform)'] : []),
  ].join('\n')
  return (
    <span className="quiet" title={title}>
      {shown.join(', ')}
      {platforms.length > SHOWN && ` +${platforms.length - SHOWN}`}
    </span>
  )
}
