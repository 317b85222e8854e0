import { Suspense } from 'react'
import { TabLink, TabNav } from '@/components/ui/tab-nav'
import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { formatCount } from '@/lib/format/bytes'
import { manifestHref } from '@/lib/routes/href'
import {
  MANIFEST_TABS,
  type ManifestPageState,
  type ManifestTab,
  manifestPageQuery,
  otherTab,
} from '@/lib/routes/manifest-page-query'
import { ReferrerCount } from '../referrers/referrer-count'
import type { ManifestPlace } from './manifest-place'

interface ManifestTabsProps {
  place: ManifestPlace
  state: ManifestPageState
  /** How many rows a tab has; 0 is left out. */
  counts: Partial<Record<ManifestTab, number>>
  referrers: Promise<ReferrerCounts | undefined>
  /** Chooses what the tabs are about. */
  platforms: React.ReactNode
  children: React.ReactNode
}

/** The second part is left out where there is little room. */
const NAMES: Record<ManifestTab, readonly [string, string?]> = {
  overview: ['Overview'],
  labels: ['Labels'],
  layers: ['Layers'],
  referrers: ['Signatures', ' & SBOMs'],
  raw: ['Raw', ' JSON'],
}

/** The tabs of a manifest's page, with what the shown one holds. */
export function ManifestTabs({ place, state, counts, referrers, platforms, children }: ManifestTabsProps) {
  return (
    <section aria-label="Contents">
      <TabNav label="Views of this manifest" aside={platforms}>
        {MANIFEST_TABS.map((name) => (
          <TabLink
            key={name}
            href={manifestHref(place, place.selector, manifestPageQuery(otherTab(state, name)))}
            scroll={false}
            current={name === state.tab ? 'page' : undefined}
            count={name === 'referrers' ? <LateCount counts={referrers} /> : countOf(counts[name])}
          >
            <span>
              {NAMES[name][0]}
              <span className="max-sm:sr-only">{NAMES[name][1]}</span>
            </span>
          </TabLink>
        ))}
      </TabNav>
      {children}
    </section>
  )
}

function countOf(count = 0): string | undefined {
  return count > 0 ? formatCount(count) : undefined
}

/** Reserves a digit's width, so that nothing shifts. */
function LateCount({ counts }: { counts: Promise<ReferrerCounts | undefined> }) {
  return (
    <span className="inline-block min-w-[1ch]">
      <Suspense>
        <ReferrerCount counts={counts} />
      </Suspense>
    </span>
  )
}
