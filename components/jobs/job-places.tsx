import { ArrowRight } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { JobPlace, JobView } from '@/lib/data/jobs/jobs'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'

/** Source and destination, each a link; for a check, only what's checked. */
export function JobPlaces({ job: { source, destination } }: { job: JobView }) {
  return (
    <>
      <Place place={source} />
      {destination && (
        <>
          <ArrowRight aria-label="to" className="size-4 shrink-0 text-faint" />
          <Place place={destination} />
        </>
      )}
    </>
  )
}

function Place({ place: { registry, repository, selector } }: { place: JobPlace }) {
  const isDigest = isDigestSelector(selector)
  return (
    <Link href={manifestHref(registry, repository, selector)} className="min-w-0 break-all hover:text-accent">
      <span className="text-muted">{registry}/</span>
      {repository}
      {isDigest ? `@${shortDigest(selector)}` : `:${selector}`}
    </Link>
  )
}
