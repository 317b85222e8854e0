import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { plural } from '@/lib/format/bytes'

/** The number of a manifest's referrers; empty if it couldn't be determined. */
export async function ReferrerCount({ counts: promise }: { counts: Promise<ReferrerCounts | undefined> }) {
  const counts = await promise
  if (!counts) return null
  const { signature, attestation, sbom, artifact } = counts
  const parts = [
    signature > 0 && plural(signature, 'signature'),
    attestation > 0 && plural(attestation, 'attestation'),
    sbom > 0 && plural(sbom, 'SBOM'),
    artifact > 0 && plural(artifact, 'other artifact'),
  ].filter(Boolean)
  return <span title={parts.join(', ') || 'None found'}>{signature + attestation + sbom + artifact}</span>
}
