import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { plural } from '@/lib/format/bytes'

/** How much is said about a manifest; nothing where that could not be asked. */
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
  return <span title={parts.join(', ') || 'Nothing was found'}>{signature + attestation + sbom + artifact}</span>
}
