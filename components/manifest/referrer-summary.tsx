import { type LucideIcon, PackageSearch, ScrollText, Signature } from 'lucide-react'
import type { ReferrerView } from '@/lib/data/read-referrers'

/** What is signed, attested and listed, at a glance. What is gone, or signs another manifest, counts for nothing here. */
export function ReferrerSummary({ items: all }: { items: readonly ReferrerView[] }) {
  const items = all.filter((item) => !('problem' in item))
  const misplaced = items.filter((item) => 'claim' in item && item.claim === 'about-another').length
  const signatures = items.reduce((sum, item) => sum + signaturesOf(item), 0)
  const attestations = items.filter(({ kind }) => kind === 'attestation').length
  const sboms = items.filter((item) => 'sbom' in item && item.sbom)
  const attested = sboms.filter(({ kind }) => kind !== 'sbom').length
  return (
    <dl className="grid grid-cols-3 divide-x rounded-xl border bg-surface shadow-xs">
      <Count icon={Signature} label="Signatures" count={signatures} note="present, not checked">
        {misplaced > 0 && <span className="block text-warn">{misplaced} of another manifest, not counted</span>}
      </Count>
      <Count icon={ScrollText} label="Attestations" count={attestations} note="present, not checked" />
      <Count
        icon={PackageSearch}
        label="SBOMs"
        count={sboms.length}
        note={attested === 0 ? 'can be read here' : `${attested} of them in attestations`}
      />
    </dl>
  )
}

function signaturesOf(item: ReferrerView): number {
  if (item.source === 'signature-store') return 1
  return item.claim === 'about-another' ? 0 : item.signatures
}

interface CountProps {
  icon: LucideIcon
  label: string
  count: number
  /** About what is there; nothing is said of nothing. */
  note: string
  children?: React.ReactNode
}

function Count({ icon: Icon, label, count, note, children }: CountProps) {
  return (
    <div className="px-3 py-2.5 sm:px-4">
      <dt className="flex items-center gap-1.5 text-xs text-muted">
        <Icon aria-hidden className="size-3.5 shrink-0 max-sm:hidden" />
        {label}
      </dt>
      <dd>
        <span className={count > 0 ? 'text-xl font-semibold tabular' : 'text-xl text-muted tabular'}>{count}</span>
        <span className="block text-xs text-muted">{count > 0 ? note : 'none found'}</span>
        <span className="text-xs">{children}</span>
      </dd>
    </div>
  )
}
