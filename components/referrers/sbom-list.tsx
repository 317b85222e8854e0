'use client'

import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import type { SbomView } from '@/lib/data/manifest/read-sbom'
import { plural } from '@/lib/format/bytes'
import { useQuery } from '@/lib/query/hooks'
import { sbomsQuery } from '@/lib/query/referrers'
import { problemFrom } from '@/lib/query/unwrap'
import { sbomHref } from '@/lib/routes/href'
import { SbomPackages } from './sbom-packages'
import type { SbomSource } from './sbom-source'

const FORMATS = { spdx: 'SPDX', cyclonedx: 'CycloneDX', syft: 'Syft JSON' } as const

export function SbomList({ source }: { source: SbomSource }) {
  const { data, error, isPending } = useQuery(sbomsQuery(source, source.digest))
  if (isPending)
    return (
      <p role="status" className="text-sm text-muted">
        Loading…
      </p>
    )
  if (error) return <ProblemNotice problem={problemFrom(error)} />
  if (data.length === 0) return <p className="text-sm text-muted">No SPDX, CycloneDX or Syft document found.</p>
  return (
    <ul className="divide-y rounded-lg border">
      {data.map((sbom, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their place is what the download asks for
        <li key={index}>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 text-sm">
            <span className="font-medium">
              {FORMATS[sbom.format]} {sbom.version && <SafeText text={versionOf(sbom.version)} />}
            </span>
            <span className="text-muted">{sbom.encoding}</span>
            <span>{sbom.packages === undefined ? 'packages not counted' : plural(sbom.packages, 'package')}</span>
            {sbom.files !== undefined && sbom.files > 0 && (
              <span className="text-muted">{plural(sbom.files, 'file')}</span>
            )}
            <Bytes bytes={sbom.bytes} className="text-muted tabular" />
            <a
              href={sbomHref(source, source.digest, index)}
              download
              className={buttonStyles({ size: 'sm', variant: 'ghost', className: 'ml-auto' })}
            >
              <Download aria-hidden />
              Download
            </a>
          </div>
          {sbom.packages !== undefined && sbom.packages > 0 && <SbomPackages source={source} index={index} />}
        </li>
      ))}
    </ul>
  )
}

/** SPDX repeats its name in the version. */
function versionOf(version: NonNullable<SbomView['version']>): string {
  return version.replace(/^SPDX-/, '')
}
