import { Stamp } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Notice } from '@/components/ui/notice'
import { SafeText } from '@/components/ui/safe-text'
import type { ReferrersView } from '@/lib/data/manifest/read-referrers'
import type { Place } from '@/lib/oci/place'
import { ReferrerRow } from './referrer-row'
import { ReferrerSummary } from './referrer-summary'

interface ReferrersProps {
  place: Place
  referrers: ReferrersView
}

const GROUPS = [
  ['signature', 'Signatures'],
  ['attestation', 'Attestations'],
  ['sbom', 'SBOMs'],
  ['artifact', 'Other artifacts'],
] as const

/** Signatures, attestations and SBOMs of this manifest. Listing them doesn't mean that they're valid. */
export function Referrers({ referrers: { items, platform, partial }, place }: ReferrersProps) {
  const unread = items.filter((item) => 'problem' in item).length
  return (
    <div className="space-y-4">
      {partial && (
        <Notice tone="warn" title="This list is incomplete">
          <SafeText text={partial} />
        </Notice>
      )}
      {items.length === 0 ? (
        <Empty icon={Stamp} title={partial ? 'Nothing found' : 'No signatures, attestations or SBOMs'}>
          {partial ? 'In the part that could be read, nothing' : 'Nothing'} refers to{' '}
          {platform ? `the index or ${platform}` : 'this manifest'}, and there’s no cosign tag for it.
        </Empty>
      ) : (
        <>
          <ReferrerSummary items={items} />
          <p className="text-xs text-muted">
            Lading lists signatures but doesn’t verify them.
            {unread > 0 && <span className="text-warn"> {unread} couldn’t be read and aren’t counted.</span>}
            {platform &&
              ` This includes the index, ${platform}, and every attestation in the index. To see another platform’s, choose it above.`}
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
                  place={place}
                />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
