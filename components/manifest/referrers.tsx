import { Stamp } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Notice } from '@/components/ui/notice'
import { SafeText } from '@/components/ui/safe-text'
import type { ReferrersView } from '@/lib/data/manifest/read-referrers'
import { ReferrerRow } from './referrer-row'
import { ReferrerSummary } from './referrer-summary'

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
export function Referrers({ referrers: { items, platform, partial }, registry, repository }: ReferrersProps) {
  const unread = items.filter((item) => 'problem' in item).length
  return (
    <div className="space-y-4">
      {partial && (
        <Notice tone="warn" title="This list is not complete">
          <SafeText text={partial} />
        </Notice>
      )}
      {items.length === 0 ? (
        <Empty icon={Stamp} title={partial ? 'Nothing was found' : 'Nothing refers to this manifest'}>
          {partial ? 'In what could be read, no' : 'No'} signature, attestation or SBOM names{' '}
          {platform ? `the index or ${platform}` : 'it'} as its subject, and no cosign tag is made for{' '}
          {platform ? 'them' : 'it'}.
        </Empty>
      ) : (
        <>
          <ReferrerSummary items={items} />
          <p className="text-xs text-muted">
            Listed as they were found: Lading checks no signature.
            {unread > 0 && <span className="text-warn"> Not counted, because they could not be read: {unread}.</span>}
            {platform &&
              ` What is attached to the index or to ${platform}, and every attestation in the index: choose another platform above for what is attached to that.`}
          </p>
        </>
      )}
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
