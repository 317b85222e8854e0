import { Breakable } from '@/components/ui/breakable'
import { Link } from '@/components/ui/link'
import { shortDigest } from '@/lib/format/digest'
import type { Place } from '@/lib/oci/place'
import { repositoryHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'

/** What a manifest's page is headed by, also while it loads and when it can't be read. */
export function ManifestTitle({ place, selector }: { place: Place; selector: string }) {
  const isDigest = isDigestSelector(selector)
  return (
    <>
      <Link href={repositoryHref(place)} className="text-muted hover:text-ink">
        <Breakable text={place.repository} />
      </Link>
      <wbr />
      <span className="text-faint">{isDigest ? '@' : ':'}</span>
      <span title={selector}>{isDigest ? shortDigest(selector) : selector}</span>
    </>
  )
}
