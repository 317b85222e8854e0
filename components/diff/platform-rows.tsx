import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import type { PlatformRow } from '@/lib/data/manifest/read-diff'
import { formatBytes } from '@/lib/format/bytes'
import type { Page } from '@/lib/format/page-of'
import { ChangeMark } from './change-mark'
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
      <SidesTable name="Platform">
        {platforms.items.map(({ platform, attestation, state, before, after, beforeBytes, afterBytes }) => {
          const isBoth = before !== undefined && after !== undefined && !attestation && platform !== undefined
          return (
            <tr
              key={`${platform} ${before} ${after}`}
              className={cn(
                'grid-cols-[1.25rem_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5 border-b last:border-0 max-md:px-3 max-md:py-2 md:h-9 md:[&>*]:pr-3',
                platform === selected && !attestation && 'bg-accent-soft/60',
              )}
            >
              <td className="md:pl-3">
                <ChangeMark state={state} />
              </td>
              <th scope="row" className="text-left font-normal">
                {isBoth ? (
                  <Link
                    href={href(platform)}
                    scroll={false}
                    aria-current={platform === selected ? 'true' : undefined}
                    className="font-medium underline-offset-2 hover:text-accent hover:underline"
                  >
                    {platform}
                  </Link>
                ) : (
                  <span className="text-muted">{platform ?? 'no platform'}</span>
                )}
                {attestation && <span className="ml-2 text-xs text-muted">attestation</span>}
              </th>
              <Side name="Before" digest={before} bytes={beforeBytes} />
              <Side name="After" digest={after} bytes={afterBytes} change={changeOf(beforeBytes, afterBytes)} />
            </tr>
          )
        })}
      </SidesTable>
      <Pager count={platforms.total} size={platforms.size} page={platforms.page} hrefOf={hrefOf} />
    </section>
  )
}

interface SideProps {
  name: 'Before' | 'After'
  digest: string | undefined
  bytes: number | undefined
  change?: string
}

function Side({ name, digest, bytes, change }: SideProps) {
  return (
    <td className="gap-x-2 max-md:col-start-2 max-md:flex max-md:items-center">
      {/* Where the column headers are hidden. */}
      <span aria-hidden className="w-12 shrink-0 text-xs text-muted md:hidden">
        {name}
      </span>
      {digest ? <Digest digest={digest} swatch copy={false} /> : <span className="text-faint">–</span>}
      {bytes !== undefined && (
        <span className="ml-3 text-xs text-muted tabular">
          {formatBytes(bytes)}
          {change && <strong className="ml-1.5 font-medium text-ink">{change}</strong>}
        </span>
      )}
    </td>
  )
}
