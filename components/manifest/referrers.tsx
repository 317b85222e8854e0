import { ShieldCheck } from 'lucide-react'
import { Fragment } from 'react'
import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Empty } from '@/components/ui/empty'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import type { ReferrersView } from '@/lib/data/read-manifest'
import { manifestHref } from '@/lib/routes/href'
import { SbomReader } from './sbom-reader'

const SOURCES = { api: 'subject', 'cosign-tag': 'cosign tag', 'attestation-child': 'in the index' } as const

/** Signatures, attestations and bills of materials about this manifest. That they are there does not say that they are valid. */
export function Referrers({
  referrers,
  registry,
  repository,
}: {
  referrers: ReferrersView
  registry: string
  repository: string
}) {
  if (referrers.items.length === 0)
    return (
      <Empty icon={ShieldCheck} title="Nothing refers to this manifest">
        No signature, attestation or SBOM names it as its subject, no cosign tag is made for it
        {referrers.partial ? `; but the list is partial: ${referrers.partial}` : ''}.
      </Empty>
    )
  return (
    <>
      <p className="mb-2 text-xs text-muted">
        Listed as they were found. Lading has not checked any signature here.
        {referrers.partial && <span className="text-warn"> This list is partial: {referrers.partial}.</span>}
      </p>
      <Panel>
        <table className="w-full min-w-144 text-sm">
          <thead className="text-left text-xs text-muted">
            <tr className="border-b [&>th]:h-8 [&>th]:px-4 [&>th]:font-medium">
              <th scope="col">Kind</th>
              <th scope="col">Type</th>
              <th scope="col">Digest</th>
              <th scope="col">Found by</th>
              <th scope="col" className="text-right">
                Manifest
              </th>
            </tr>
          </thead>
          <tbody>
            {referrers.items.map(({ descriptor, source, kind, predicateTypes, sbom, tag }) => (
              <Fragment key={`${source} ${descriptor.digest}`}>
                <tr className={cn('h-9 [&>*]:px-4', !sbom && 'border-b last:border-0')}>
                  <th scope="row" className="text-left">
                    <Badge tone="accent">{kind}</Badge>
                  </th>
                  <td
                    className="max-w-72 truncate text-muted"
                    title={[descriptor.artifactType, ...predicateTypes].filter(Boolean).join('\n')}
                  >
                    <SafeText text={predicateTypes[0] || descriptor.artifactType || descriptor.mediaType} />
                  </td>
                  <td>
                    <Digest
                      digest={descriptor.digest}
                      href={manifestHref(registry, repository, descriptor.digest)}
                      copy={false}
                      swatch
                    />
                  </td>
                  <td className="text-muted" title={tag}>
                    {SOURCES[source]}
                  </td>
                  <td className="text-right tabular">
                    {descriptor.size === undefined ? '–' : <Bytes bytes={descriptor.size} />}
                  </td>
                </tr>
                {sbom && (
                  <tr className="border-b last:border-0">
                    <td colSpan={5} className="px-4 pb-2">
                      <SbomReader source={{ registry, repository, digest: descriptor.digest }} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </Panel>
    </>
  )
}
