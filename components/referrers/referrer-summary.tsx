import { type LucideIcon, PackageSearch, ScrollText, Signature } from 'lucide-react'
import type { ReferrerView } from '@/lib/data/manifest/read-referrers'

/** Signatures, attestations and SBOMs at a glance. Missing ones, and those about another manifest, aren't counted. */
export function ReferrerSummary({ items: all }: { items: readonly ReferrerView[] }) {
  const present = all.filter((item) => !('problem' in item))
  const items = present.filter((item) => !isMisplaced(item))
  const lost = distinct(present.filter(isMisplaced))
  const counts = distinct(items)
  const attested = distinct(items.filter(({ kind }) => kind !== 'sbom')).sbom
  return (
    <dl className="grid grid-cols-3 divide-x rounded-xl border bg-surface shadow-xs">
      <Count
        icon={Signature}
        label="Signatures"
        count={counts.signature}
        note="found, not verified here"
        misplaced={lost.signature}
      />
      <Count
        icon={ScrollText}
        label="Attestations"
        count={counts.attestation}
        note="found, not verified here"
        misplaced={lost.attestation}
      />
      <Count
        icon={PackageSearch}
        label="SBOMs"
        count={counts.sbom}
        note={attested === 0 ? 'found, not read' : `${attested} of them in attestations`}
        misplaced={lost.sbom}
      />
    </dl>
  )
}

function isMisplaced(item: ReferrerView): boolean {
  return 'claim' in item && item.claim === 'about-another'
}

/** Statements by kind, each once: a signature may be kept in two places. */
function distinct(items: readonly ReferrerView[]) {
  const counts = { signature: 0, attestation: 0, sbom: 0, artifact: 0 }
  const statements = items.flatMap((item) => item.statements)
  for (const { kind } of new Map(statements.map((each) => [each.id, each])).values()) counts[kind] += 1
  return counts
}

interface CountProps {
  icon: LucideIcon
  label: string
  count: number
  /** Shown where the count isn't zero. */
  note: string
  /** How many more claim to be about another manifest. */
  misplaced: number
}

function Count({ icon: Icon, label, count, note, misplaced }: CountProps) {
  return (
    <div className="px-3 py-2.5 sm:px-4">
      <dt className="flex items-center gap-1.5 text-xs text-muted">
        <Icon aria-hidden className="size-3.5 shrink-0 max-sm:hidden" />
        {label}
      </dt>
      <dd>
        <span className={count > 0 ? 'text-xl font-semibold tabular' : 'text-xl text-muted tabular'}>{count}</span>
        <span className="block text-xs text-muted">{count > 0 ? note : 'none found'}</span>
        {misplaced > 0 && (
          <span className="block text-xs text-warn">{misplaced} about another manifest, not counted</span>
        )}
      </dd>
    </div>
  )
}
