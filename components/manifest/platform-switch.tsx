import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery, otherTab } from '@/lib/routes/manifest-page-query'

interface PlatformSwitchProps {
  page: ManifestPage
  selector: string
  state: ManifestPageState
}

/** Chooses the platform that the tabs show. With one alone there is nothing to choose. */
export function PlatformSwitch({ page, selector, state }: PlatformSwitchProps) {
  const { children, selected } = page
  const shown = selected?.descriptor
  const listed = children.items.map(({ descriptor }) => descriptor).filter(({ platform }) => platform)
  // The chosen one may be on another page of the table.
  const isListed = !shown?.platform || listed.some(({ digest }) => digest === shown.digest)
  const platforms = isListed ? listed : [shown, ...listed]
  if (platforms.length < 2) return null
  return (
    <nav
      aria-label="Platform"
      className="scroll-cue flex max-w-full overflow-x-auto rounded-md border bg-sunken p-0.5 text-xs [--cue:var(--sunken)]"
    >
      {platforms.map(({ digest, platform }) => (
        <Link
          key={`${digest} ${platform}`}
          href={manifestHref(
            page,
            selector,
            manifestPageQuery({ ...otherTab(state, state.tab), platform: platform ?? null }),
          )}
          scroll={false}
          aria-current={digest === shown?.digest ? 'true' : undefined}
          className={cn(
            'rounded px-2 py-1 whitespace-nowrap',
            digest === shown?.digest ? 'bg-surface font-medium text-ink shadow-xs' : 'text-muted hover:text-ink',
          )}
        >
          {platform}
        </Link>
      ))}
    </nav>
  )
}
