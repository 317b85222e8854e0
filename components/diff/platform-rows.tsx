import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import type { PlatformChange } from '@/lib/data/read-diff'
import { ChangeMark } from './change-mark'

interface PlatformRowsProps {
  platforms: readonly PlatformChange[]
  selected?: string
  href: (platform: string) => string
}

/** Two indexes, platform by platform. One that both have can be compared below. */
export function PlatformRows({ platforms, selected, href }: PlatformRowsProps) {
  return (
    <section aria-label="Platforms">
      <h2 className="mb-2 text-sm font-medium">Platforms</h2>
      <Panel>
        <table className="w-full min-w-128 text-sm">
          <tbody>
            {platforms.map(({ platform, attestation, state, before, after }) => {
              const isBoth = before !== undefined && after !== undefined && !attestation && platform !== undefined
              return (
                <tr
                  key={`${platform} ${before} ${after}`}
                  className={cn(
                    'h-9 border-b last:border-0 [&>*]:pr-4',
                    platform === selected && !attestation && 'bg-accent-soft/60',
                  )}
                >
                  <td className="w-10 pl-3">
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
                  <td>
                    {before ? <Digest digest={before} swatch copy={false} /> : <span className="text-faint">–</span>}
                  </td>
                  <td>
                    {after ? <Digest digest={after} swatch copy={false} /> : <span className="text-faint">–</span>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Panel>
    </section>
  )
}
