import { SbomList } from './sbom-list'
import type { SbomSource } from './sbom-source'
import { StatementList } from './statement-list'

interface DocumentsProps {
  source: SbomSource
  /** As `describeArtifact` names it. */
  artifact: string
}

const STATEMENTS = ['cosign-signature', 'sigstore-bundle', 'notation-signature', 'attestation']

/** On the page of a signature, an attestation or an SBOM: what it says. Nothing for other artifacts. */
export function Documents({ source, artifact }: DocumentsProps) {
  if (artifact === 'sbom') return <SbomList source={source} />
  if (!STATEMENTS.includes(artifact)) return null
  return <StatementList source={source} />
}
