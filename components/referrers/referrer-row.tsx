import { Download } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Breakable } from '@/components/ui/breakable'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { ReferrerView } from '@/lib/data/manifest/read-referrers'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { visibleText } from '@/lib/format/visible-text'
import { knownType } from '@/lib/oci/known-types'
import type { Place } from '@/lib/oci/place'
import { manifestHref, signatureHref } from '@/lib/routes/href'
import { ReferrerReader } from './referrer-reader'

const SOURCES = {
  api: 'attached as a referrer',
  'cosign-tag': 'under a cosign tag',
  'attestation-child': 'in the index',
  'signature-store': 'in the registry’s signature store',
} as const

interface ReferrerRowProps {
  place: Place
  referrer: ReferrerView
}

/** A referrer: what it is, where it was found, its size, and how to read it. */
export function ReferrerRow({ referrer, place }: ReferrerRowProps) {
  const isStored = referrer.source === 'signature-store'
  const types = isStored ? [referrer.name.slice(referrer.name.indexOf('@') + 1)] : referrer.types
  const names = isStored ? ['Signature'] : [...new Set(types.map((type) => knownType(type).name ?? type))]
  const isNamed = names.some((name) => !types.includes(name))
  const warning = isStored ? undefined : warningOf(referrer)
  return (
    <li className="grid grid-cols-[4rem_1fr_auto] items-center gap-x-3 gap-y-1.5 px-3 py-2.5 text-sm sm:grid-cols-[minmax(0,1fr)_4.5rem_9.5rem_7.5rem] sm:px-4">
      <div className="col-span-3 min-w-0 sm:col-span-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-all">
            <SafeText text={names.join(', ')} />
          </span>
          {!isStored && referrer.statements.length > 1 && (
            <span className="text-xs text-muted">
              {plural(referrer.statements.length, referrer.kind === 'signature' ? 'signature' : 'statement')}
            </span>
          )}
          {!isStored && referrer.isSigned && (
            <Badge tone="outline" wrap>
              signed, not checked
            </Badge>
          )}
          {referrer.about && (
            <Badge tone="outline" wrap>
              about {aboutText(referrer.about)}
            </Badge>
          )}
          {warning && <Badge tone="warn">{warning}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-muted">
          <span>
            <span title={'tag' in referrer ? referrer.tag : undefined}>{SOURCES[referrer.source]}</span>
            {!isStored && referrer.created && (
              <>
                , created <Time iso={referrer.created} />
              </>
            )}
          </span>
          {isNamed &&
            types.map((type) => (
              <bdi key={type} className="mono">
                <Breakable text={visibleText(type)} />
              </bdi>
            ))}
        </p>
        {!isStored && referrer.problem && (
          <p className="text-xs text-danger">
            {referrer.problem.code === 'registry.not-found'
              ? 'Missing: listed here, but not in this repository'
              : `${referrer.problem.title}: ${referrer.problem.detail}`}
          </p>
        )}
      </div>
      <span className="text-muted tabular sm:text-right">
        {referrer.bytes === undefined ? '–' : <Bytes bytes={referrer.bytes} />}
      </span>
      {isStored ? (
        <a
          href={signatureHref(place, referrer.subject, referrer.name)}
          download
          aria-label={`Download the signature ${types[0]}`}
          className={buttonStyles({ size: 'sm', className: 'col-start-3 sm:col-start-4' })}
        >
          <Download aria-hidden />
          Download
        </a>
      ) : (
        <Digest
          digest={referrer.descriptor.digest}
          href={manifestHref(place, referrer.descriptor.digest)}
          copy={false}
          swatch
        />
      )}
      {!isStored && !referrer.problem && (referrer.sbom || isSaid(referrer)) && (
        <ReferrerReader
          source={{ ...place, digest: referrer.descriptor.digest }}
          noun={nounOf(referrer)}
          sbom={referrer.sbom}
          statements={isSaid(referrer)}
        />
      )}
    </li>
  )
}

/** It carries signatures or in-toto statements; a bare bill of materials carries neither. */
function isSaid({ kind, source, types }: Extract<ReferrerView, { descriptor: unknown }>): boolean {
  if (kind === 'sbom') return source === 'attestation-child' || types.some((type) => /^https?:/.test(type))
  return kind === 'signature' || kind === 'attestation'
}

function nounOf({ kind, sbom }: Extract<ReferrerView, { descriptor: unknown }>) {
  return kind === 'signature' || (kind === 'attestation' && !sbom) ? kind : 'SBOM'
}

/** A platform; for what has none, its digest. */
function aboutText(about: string): string {
  return about.includes(':') ? shortDigest(about) : about
}

function warningOf({ claim, kind, statements }: Extract<ReferrerView, { descriptor: unknown }>): string | undefined {
  const isSignature = kind === 'signature'
  switch (claim) {
    case 'about-another':
      if (!isSignature) return 'Names another manifest as its subject'
      return statements.length > 1 ? 'Also signs another manifest' : 'Signs another manifest'
    case 'unreadable':
      return isSignature ? 'Unreadable: what it signs is unknown' : 'Unreadable: its subject is unknown'
    case 'about-subject':
    case undefined:
      return undefined
  }
}
