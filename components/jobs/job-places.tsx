import { ArrowRight } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { JobPlace, JobView } from '@/lib/data/jobs/jobs'
import { shortDigest } from '@/lib/format/digest'
import { planHref, retentionHref } from '@/lib/routes/href'
import { jobPlaceHref } from './job-place-href'

/** Source and destination, each a link; for a check or a sync, only what's read. */
export function JobPlaces({ job: { source, destination, plan, policy } }: { job: JobView }) {
  return (
    <>
      {policy && <Policy {...policy} />}
      {source && <JobPlaceLink place={source} href={plan && planHref(plan.id)} />}
      {destination && (
        <>
          <ArrowRight aria-label="to" className="size-4 shrink-0 text-faint" />
          <JobPlaceLink place={destination} />
        </>
      )}
    </>
  )
}

function Policy({ id, name }: NonNullable<JobView['policy']>) {
  if (name === undefined) return <span className="text-muted">by a policy that was deleted</span>
  return (
    <Link href={retentionHref(id)} className="min-w-0 break-words hover:text-accent">
      {name}
    </Link>
  )
}

function JobPlaceLink({ place, href = jobPlaceHref(place) }: { place: JobPlace; href?: string | undefined }) {
  const { registry, repository, selector } = place
  return (
    <Link href={href} className="min-w-0 break-all hover:text-accent">
      <span className={repository && 'text-muted'}>
        {registry}
        {repository && '/'}
      </span>
      {repository}
      {selector && (selector.includes(':') ? `@${shortDigest(selector)}` : `:${selector}`)}
    </Link>
  )
}
