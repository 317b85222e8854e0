import { Suspense } from 'react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
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

const COUNT = 'text-xs font-normal text-muted tabular'

/** Tabs are links: each has its own URL and works without scripts. */
export function ManifestTabs({ place, state, counts, referrers, platforms, children }: ManifestTabsProps) {
  return (
    <section aria-label="Contents">
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3 sm:border-b">
        <nav
          aria-label="Views of this manifest"
          className="scroll-cue flex max-w-full overflow-x-auto max-sm:w-full max-sm:border-b sm:gap-1"
        >
          {MANIFEST_TABS.map((name) => (
            <Link
              key={name}
              href={manifestHref(
                place.registry,
                place.repository,
                place.selector,
                manifestPageQuery(otherTab(state, name)),
              )}
              scroll={false}
              aria-current={name === state.tab ? 'page' : undefined}
              className={cn(
                '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-2 text-sm font-medium whitespace-nowrap sm:px-3',
                name === state.tab ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              <span>
                {NAMES[name][0]}
                <span className="max-sm:sr-only">{NAMES[name][1]}</span>
              </span>
              {(counts[name] ?? 0) > 0 && <span className={COUNT}>{formatCount(counts[name] ?? 0)}</span>}
              {name === 'referrers' && (
                // Reserves a digit's width, so that nothing shifts.
                <span className={`${COUNT} min-w-[1ch]`}>
                  <Suspense>
                    <ReferrerCount counts={referrers} />
                  </Suspense>
                </span>
              )}
            </Link>
          ))}
        </nav>
        <div className="ml-auto max-w-full empty:hidden max-sm:ml-0 sm:pb-1">{platforms}</div>
      </div>
      {children}
    </section>
  )
}
