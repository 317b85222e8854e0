import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import type { PlatformChange } from '@/lib/data/manifest/read-diff'
import { ChangeMark } from './change-mark'
import { SidesTable } from './sides-table'

interface PlatformRowsProps {
  platforms: readonly PlatformChange[]
  selected?: string
  href: (platform: string) => string
}

/** Two indexes, platform by platform. One that both have can be selected for the comparison below. */
export function PlatformRows({ platforms, selected, href }: PlatformRowsProps) {
  return (
    <section aria-label="Platforms">
      <h2 className="mb-2 text-sm font-medium">Platforms</h2>
      <SidesTable name="Platform">
        {platforms.map(({ platform, attestation, state, before, after }) => {
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
              <Side name="Before" digest={before} />
              <Side name="After" digest={after} />
            </tr>
          )
        })}
      </SidesTable>
    </section>
  )
}

function Side({ name, digest }: { name: 'Before' | 'After'; digest: string | undefined }) {
  return (
    <td className="gap-x-2 max-md:col-start-2 max-md:flex max-md:items-center">
      {/* Where the column headers are hidden. */}
      <span aria-hidden className="w-12 shrink-0 text-xs text-muted md:hidden">
        {name}
      </span>
      {digest ? <Digest digest={digest} swatch copy={false} /> : <span className="text-faint">–</span>}
    </td>
  )
}
