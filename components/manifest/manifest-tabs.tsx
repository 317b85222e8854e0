import { Suspense } from 'react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { manifestHref } from '@/lib/routes/href'
import { MANIFEST_TABS, type ManifestTab } from '@/lib/routes/manifest-page'
import { ReferrerCount } from './referrer-count'

interface ManifestTabsProps {
  page: ManifestPage
  selector: string
  tab: ManifestTab
  platform?: string
  /** The index that the page was opened from; kept in the address. */
  index?: string
  referrers: Promise<ReferrerCounts | undefined>
  children: React.ReactNode
}

const NAMES: Record<ManifestTab, string> = {
  overview: 'Overview',
  labels: 'Labels',
  layers: 'Layers',
  referrers: 'Signatures & SBOMs',
  raw: 'Raw JSON',
}

const COUNT = 'text-xs font-normal text-muted tabular'

/** Tabs are links: each has its own URL and works without scripts. */
export function ManifestTabs({ page, selector, tab, platform, index, referrers, children }: ManifestTabsProps) {
  const selected = page.children.find(({ descriptor }) => descriptor.digest === page.selected)?.child
  const shown = selected?.ok ? selected.value : page.manifest
  const counts: Partial<Record<ManifestTab, number>> = {
    labels: shown.labels.length + (shown === page.manifest ? 0 : page.manifest.annotations.length),
    layers: shown.steps.filter((step) => step.layer).length,
  }
  return (
    <section aria-label="Contents">
      <nav aria-label="Views of this manifest" className="scroll-cue mb-4 flex overflow-x-auto border-b sm:gap-1">
        {MANIFEST_TABS.map((name) => (
          <Link
            key={name}
            href={manifestHref(page.registry, page.repository, selector, {
              platform,
              index,
              tab: name === 'overview' ? undefined : name,
            })}
            scroll={false}
            aria-current={name === tab ? 'page' : undefined}
            className={cn(
              '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-2 text-sm font-medium whitespace-nowrap sm:px-3',
              name === tab ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {name === 'raw' ? (
              <span>
                Raw<span className="max-sm:sr-only"> JSON</span>
              </span>
            ) : (
              NAMES[name]
            )}
            {(counts[name] ?? 0) > 0 && <span className={COUNT}>{counts[name]}</span>}
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
      {children}
    </section>
  )
}
