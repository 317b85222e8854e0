import { Badge } from '@/components/ui/badge'
import { SafeText } from '@/components/ui/safe-text'
import type { StatementView } from '@/lib/data/manifest/read-statements'
import { formatAbsolute } from '@/lib/format/time'
import { FactRow } from '../manifest/fact-list'

/** Who a signature says made it. It's a claim: Lading doesn't verify it. */
export function SignerFacts({ signature }: { signature: StatementView['signatures'][number] }) {
  const { certificate, keyId, signed, logIndex } = signature
  const name = certificate?.identity ?? certificate?.subject
  return (
    <>
      <FactRow label="Signed by">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {name ? (
            <SafeText text={name} linked className="font-medium" />
          ) : keyId ? (
            <>
              key <SafeText text={keyId} className="mono" />
            </>
          ) : (
            <span className="text-muted">an unnamed key</span>
          )}
          <Badge tone="outline">not verified here</Badge>
        </span>
      </FactRow>
      {certificate?.issuer && (
        <FactRow label="Identity from">
          <SafeText text={certificate.issuer} linked />
        </FactRow>
      )}
      {signed && (
        <FactRow label={logIndex ? 'Logged' : 'Signed'}>
          {formatAbsolute(signed)}
          {logIndex && <span className="text-muted"> · entry {logIndex} of the transparency log</span>}
        </FactRow>
      )}
      {certificate && (
        <FactRow label="Certificate valid">
          {formatAbsolute(certificate.validFrom)} – {formatAbsolute(certificate.validTo)}
        </FactRow>
      )}
    </>
  )
}
