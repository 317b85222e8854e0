import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import type { PlatformRow } from '@/lib/data/manifest/read-diff'
import { formatBytes } from '@/lib/format/bytes'
import type { Page } from '@/lib/format/page-of'
import { SidesTable } from './sides-table'
import { changeOf } from './size-change'

interface PlatformRowsProps {
  platforms: Page<PlatformRow>
  selected?: string
  href: (platform: string) => string
  hrefOf: (page: number) => string
}

/** Two indexes, platform by platform. One that both have can be selected for the comparison below. */
export function PlatformRows({ platforms, selected, href, hrefOf }: PlatformRowsProps) {
  return (
    <section aria-label="Platforms">
      <h2 className="mb-2 text-sm font-medium">Platforms</h2>
      <SidesTable
        name="Platform"
        caption="Platforms"
        rows={platforms.items.map(({ platform, attestation, state, before, after, beforeBytes, afterBytes }) => ({
          key: `${platform} ${before} ${after}`,
          state,
          isSelected: platform === selected && !attestation,
          name: (
            <>
              {before !== undefined && after !== undefined && !attestation && platform !== undefined ? (
                <Link
                  href={href(platform)}
                  scroll={false}
                  aria-current={platform === selected ? 'true' : undefined}
                  className="font-medium"
                >
                  {platform}
                </Link>
              ) : (
                <span className="quiet">{platform ?? 'no platform'}</span>
              )}
              {attestation && <span className="ml-2 text-xs text-muted">attestation</span>}
            </>
          ),
          before: before && <Side digest={before} bytes={beforeBytes} />,
          after: after && <Side digest={after} bytes={afterBytes} change={changeOf(beforeBytes, afterBytes)} />,
        }))}
      />
      <Pager count={platforms.total} size={platforms.size} page={platforms.page} hrefOf={hrefOf} />
    </section>
  )
}

interface SideProps {
  digest: string
  bytes: number | undefined
  change?: string | undefined
}

function Side({ digest, bytes, change }: SideProps) {
  return (
    <>
      <Digest digest={digest} swatch copy={false} />
      {bytes !== undefined && (
        <span className="ml-3 text-xs whitespace-nowrap text-muted tabular">
          {formatBytes(bytes)}
          {change && <strong className="ml-1.5 font-medium text-ink">{change}</strong>}
        </span>
      )}
    </>
  )
}
