import { Stamp } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import type { ReferrersView } from '@/lib/data/read-referrers'
import { ReferrerRow } from './referrer-row'

interface ReferrersProps {
  referrers: ReferrersView
  registry: string
  repository: string
}

const GROUPS = [
  ['signature', 'Signatures'],
  ['attestation', 'Attestations'],
  ['sbom', 'Bills of materials (SBOM)'],
  ['artifact', 'Other artifacts'],
] as const

/** Signatures, attestations and bills of materials about this manifest. That they are there does not say that they are valid. */
export function Referrers({ referrers: { items, partial }, registry, repository }: ReferrersProps) {
  if (items.length === 0)
    return (
      <Empty icon={Stamp} title="Nothing refers to this manifest">
        No signature, attestation or SBOM names it as its subject, and no cosign tag is made for it
        {partial ? `; but the list is partial: ${partial}` : ''}.
      </Empty>
    )
  const signatures = items.reduce((sum, item) => sum + ('signatures' in item ? item.signatures : 1), 0)
  const counts = [
    ['Signatures', signatures, 'present, not checked'],
    ['Attestations', items.filter(({ kind }) => kind === 'attestation').length, 'present, not checked'],
    ['SBOMs', items.filter((item) => 'sbom' in item && item.sbom).length, 'can be read here'],
  ] as const
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-3 divide-x rounded-xl border bg-surface shadow-xs">
        {counts.map(([label, count, note]) => (
          <div key={label} className="px-3 py-2.5 sm:px-4">
            <dt className="text-xs text-muted">{label}</dt>
            <dd>
              <span className="text-xl font-semibold tabular">{count}</span>
              <span className="block text-xs text-muted">{count > 0 ? note : 'none found'}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-xs text-muted">
        Listed as they were found. Lading has not checked any signature here.
        {partial && <span className="text-warn"> This list is partial: {partial}.</span>}
      </p>
      {GROUPS.map(([kind, title]) => {
        const members = items.filter((item) => item.kind === kind)
        if (members.length === 0) return null
        return (
          <section key={kind} aria-labelledby={`referrers-${kind}`}>
            <h3 id={`referrers-${kind}`} className="mb-2 text-sm font-medium">
              {title}
            </h3>
            <ul className="divide-y rounded-xl border bg-surface shadow-xs">
              {members.map((item) => (
                <ReferrerRow
                  key={`${item.source} ${'name' in item ? item.name : item.descriptor.digest}`}
                  referrer={item}
                  registry={registry}
                  repository={repository}
                />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
