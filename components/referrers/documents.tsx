'use client'

import { onDemand } from '@/components/ui/on-demand'
import type { SbomSource } from './sbom-source'

export const SbomList = onDemand(() => import('./sbom-list').then((module) => module.SbomList))
export const StatementList = onDemand(() => import('./statement-list').then((module) => module.StatementList))

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
