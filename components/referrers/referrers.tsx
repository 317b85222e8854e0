import { Stamp } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Notice } from '@/components/ui/notice'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import type { ReferrersView } from '@/lib/data/manifest/read-referrers'
import { pageOf } from '@/lib/format/page-of'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import type { ManifestPlace } from '../manifest/manifest-place'
import { ReferrerRow } from './referrer-row'
import { ReferrerSummary } from './referrer-summary'

interface ReferrersProps {
  place: ManifestPlace
  state: ManifestPageState
  referrers: ReferrersView
}

const GROUPS = [
  ['signature', 'Signatures'],
  ['attestation', 'Attestations'],
  ['sbom', 'SBOMs'],
  ['artifact', 'Other artifacts'],
] as const

const SIZE = 50

/** Signatures, attestations and SBOMs of this manifest. Listing them doesn't mean that they're valid. */
export function Referrers({ referrers: { items, platform, partial }, place, state }: ReferrersProps) {
  const sorted = GROUPS.flatMap(([kind]) => items.filter((item) => item.kind === kind))
  const rows = pageOf(sorted, state.page, SIZE)
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
        const members = rows.items.filter((item) => item.kind === kind)
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
      <Pager
        count={rows.total}
        size={rows.size}
        page={rows.page}
        hrefOf={(page) => manifestHref(place, place.selector, manifestPageQuery({ ...state, page }))}
      />
    </div>
  )
}
