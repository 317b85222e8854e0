import { FileBox, type LucideIcon, PackageSearch, ScrollText, Signature } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { Skeleton } from '@/components/ui/skeleton'
import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { formatCount, plural } from '@/lib/format/bytes'

interface ReferrersCardProps {
  counts: Promise<ReferrerCounts | undefined>
  /** Of the tab that shows each. */
  href: string
  /** Says what is missing too: a signature is expected of an image, and not of another signature. */
  namesMissing: boolean
}

/** What is attached to an image, at a glance. Renders nothing if that couldn’t be determined. */
export async function ReferrersCard({ counts: promise, href, namesMissing }: ReferrersCardProps) {
  const counts = await promise
  if (!counts) return null
  const { signature, attestation, sbom, artifact } = counts
  const total = signature + attestation + sbom + artifact
  if (total === 0 && !namesMissing) return null
  return (
    <Panel>
      <Heading>
        {total > 0 && (
          <Link href={href} className="ml-auto text-xs font-medium text-accent underline-offset-2 hover:underline">
            {total === 1 ? 'Show' : `All ${formatCount(total)}`}
          </Link>
        )}
      </Heading>
      <ul className="divide-y">
        <Kind
          icon={Signature}
          count={signature}
          name="signature"
          namesMissing={namesMissing}
          note="not verified here"
        />
        <Kind icon={ScrollText} count={attestation} name="attestation" note="not verified here" />
        <Kind icon={PackageSearch} count={sbom} name="SBOM" namesMissing={namesMissing} />
        <Kind icon={FileBox} count={artifact} name="other artifact" />
      </ul>
    </Panel>
  )
}

/** As high as the card of an image to which nothing is attached. */
export function PendingReferrersCard() {
  return (
    <Panel aria-hidden>
      <Heading />
      <ul className="divide-y">
        {[9, 7].map((width) => (
          <li key={width} className="px-4 py-2 text-sm">
            <Skeleton width={width} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Heading({ children }: { children?: React.ReactNode }) {
  return (
    <h3 className="flex items-baseline gap-2 border-b px-4 py-2 text-sm font-medium">
      Signatures & SBOMs
      {children}
    </h3>
  )
}

interface KindProps {
  icon: LucideIcon
  count: number
  name: string
  /** Beside the number. */
  note?: string
  /** Also shown for a number of 0. */
  namesMissing?: boolean
}

function Kind({ icon: Icon, count, name, note, namesMissing = false }: KindProps) {
  if (count === 0 && !namesMissing) return null
  return (
    <li className="flex items-baseline gap-3 px-4 py-2 text-sm">
      <Icon aria-hidden className="size-4 shrink-0 self-center text-muted" />
      {count === 0 ? (
        <span className="text-muted">No {name} found</span>
      ) : (
        <>
          {plural(count, name)}
          {note && <span className="ml-auto text-xs text-muted">{note}</span>}
        </>
      )}
    </li>
  )
}
