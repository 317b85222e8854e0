import { Breakable } from '@/components/ui/breakable'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { AboutView } from '@/lib/data/manifest/about'
import type { ManifestView } from '@/lib/data/manifest/manifest-view'
import type { ImageExplanation } from '@/lib/data/policy/explain-image'
import type { Place } from '@/lib/oci/place'
import { isDamage, missingPart } from '@/lib/problem/damage-problem'
import { digestHref } from '@/lib/routes/href'
import { Documents } from '../referrers/documents'
import { Schema1Signatures } from '../referrers/schema1-signatures'
import { About } from './about'
import { Environment } from './environment'
import { FactList, FactRow } from './fact-list'
import { LayerTable } from './layer-table'
import { RunFacts } from './run-facts'

interface OverviewProps {
  place: Place
  manifest: ManifestView
  about: AboutView
  owners?: ImageExplanation['owners']
  baseHref?: string
  /** Labels that were added beside the image. */
  added?: React.ReactNode
  /** Checks the whole image: offered where it's damaged. */
  check?: React.ReactNode
  /** Of an artifact's blobs, from 1. */
  page: number
  hrefOf: (page: number) => string
  /** Of a Helm chart. */
  chart?: React.ReactNode
  /** Beside what it says about itself: how to get it, its platforms, what it is built on. */
  aside: React.ReactNode
}

/** What an image says about itself and how it runs; for other artifacts, what they consist of. */
export function Overview(props: OverviewProps) {
  const { manifest, about, owners, baseHref, added, check, place, chart, aside } = props
  const { config, configDescriptor, configProblem } = manifest
  if (manifest.kind === 'unknown')
    return (
      <div className="space-y-4">
        <Notice title="Lading doesn’t know this kind of document">
          Its media type is {manifest.mediaType || 'not set'}. The Raw JSON tab shows it as it is.
        </Notice>
        {aside}
      </div>
    )
  return (
    <div className="space-y-4">
      {configProblem && (
        <>
          <ProblemNotice problem={missingPart(configProblem, 'config', configDescriptor?.digest ?? manifest.digest)} />
          {isDamage(configProblem) && check}
          <p className="text-sm text-muted">
            The manifest itself is readable: see its layers and raw JSON under the other tabs.
          </p>
        </>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,9fr)_minmax(0,5fr)] lg:grid-rows-[auto_1fr]">
        <About
          about={about}
          created={manifest.created}
          author={config?.author}
          owners={owners}
          baseHref={baseHref}
          isUnread={configProblem !== undefined}
          added={added}
        />
        <div className="space-y-4 lg:col-start-2 lg:row-span-2">{aside}</div>
        {config ? (
          <div className="space-y-4">
            <RunFacts config={config} manifest={manifest} />
            <Environment
              env={config.env}
              configHref={configDescriptor && digestHref(place, configDescriptor.digest, { from: manifest.digest })}
            />
          </div>
        ) : (
          !configProblem && <Artifact manifest={manifest} />
        )}
      </div>
      <Documents source={{ ...place, digest: manifest.digest }} artifact={manifest.artifact.kind} />
      {chart}
      {!config && !configProblem && !chart && manifest.steps.length > 0 && <LayerTable {...props} />}
      {manifest.signatures && <Schema1Signatures verification={manifest.signatures} />}
    </div>
  )
}

function Artifact({ manifest: { artifact, mediaType, configDescriptor } }: { manifest: ManifestView }) {
  return (
    <FactList title="Artifact">
      <FactRow label="Kind">{artifact.title}</FactRow>
      <FactRow label="Media type">
        <span className="mono">{mediaType}</span>
      </FactRow>
      {configDescriptor && (
        <FactRow label="Config">
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span className="mono">
              <Breakable text={configDescriptor.mediaType} />
            </span>
            <Digest digest={configDescriptor.digest} />
            {configDescriptor.size !== undefined && (
              <Bytes bytes={configDescriptor.size} className="whitespace-nowrap text-muted" />
            )}
          </span>
        </FactRow>
      )}
    </FactList>
  )
}
