import { plural } from '@/lib/format/bytes'

const SHOWN = 2

/** `linux/amd64, arm64 +1`: the first few, the rest on hover; attestations are a count. */
export function Platforms({ platforms, attestations }: { platforms: readonly string[]; attestations: number }) {
  if (platforms.length === 0 && attestations === 0) return <span className="text-faint">–</span>
  const shown = platforms
    .slice(0, SHOWN)
    .map((platform, index) => (index > 0 && platform.startsWith('linux/') ? platform.slice(6) : platform))
  const title = [...platforms, ...(attestations > 0 ? [plural(attestations, 'attestation')] : [])].join('\n')
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
