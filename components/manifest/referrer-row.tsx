import { Download } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { ReferrerView } from '@/lib/data/read-referrers'
import { plural } from '@/lib/format/bytes'
import { manifestHref, signatureHref } from '@/lib/routes/href'
import { SbomReader } from './sbom-reader'

const SOURCES = {
  api: 'names it as its subject',
  'cosign-tag': 'under cosign’s tag',
  'attestation-child': 'in the index',
  'signature-store': 'kept by the registry’s signature store',
} as const
const CLAIMS = {
  'about-another': 'It signs another manifest',
  unreadable: 'What it signs cannot be read',
} as const

interface ReferrerRowProps {
  referrer: ReferrerView
  registry: string
  repository: string
}

/** One thing that is said about a manifest: what it is, where it was found, how large, and how to read it. */
export function ReferrerRow({ referrer, registry, repository }: ReferrerRowProps) {
  const isStored = referrer.source === 'signature-store'
  const type = isStored ? referrer.name.slice(referrer.name.indexOf('@') + 1) : typeOf(referrer)
  const claim = !isStored && referrer.claim && referrer.claim !== 'about-subject' ? CLAIMS[referrer.claim] : undefined
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 text-sm sm:px-4">
      <div className="min-w-0 grow basis-72">
        <SafeText text={type} className="break-all" />
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          <span title={'tag' in referrer ? referrer.tag : undefined}>{SOURCES[referrer.source]}</span>
          {!isStored && referrer.signatures > 1 && <span>{plural(referrer.signatures, 'signature')}</span>}
          {referrer.about && <Badge tone="outline">about {referrer.about}</Badge>}
          {claim && <Badge tone="warn">{claim}</Badge>}
          {!isStored && referrer.problem && <span className="text-danger">{referrer.problem.title}</span>}
        </p>
      </div>
      <span className="w-16 text-right text-muted tabular">
        {referrer.bytes === undefined ? '–' : <Bytes bytes={referrer.bytes} />}
      </span>
      {isStored ? (
        <a
          href={signatureHref(registry, repository, referrer.subject, referrer.name)}
          download
          className={buttonStyles({ size: 'sm', variant: 'ghost' })}
        >
          <Download aria-hidden />
          Download
        </a>
      ) : (
        <Digest
          digest={referrer.descriptor.digest}
          href={manifestHref(registry, repository, referrer.descriptor.digest)}
          copy={false}
          swatch
        />
      )}
      {!isStored && referrer.sbom && (
        <div className="w-full">
          <SbomReader source={{ registry, repository, digest: referrer.descriptor.digest }} />
        </div>
      )}
    </li>
  )
}

function typeOf({ predicateTypes, descriptor }: Extract<ReferrerView, { descriptor: unknown }>): string {
  return predicateTypes.length > 0 ? predicateTypes.join('\n') : descriptor.artifactType || descriptor.mediaType
}
