import { ArrowRight } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { JobPlace, JobView } from '@/lib/data/jobs/jobs'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref, planHref, registryHref, repositoryHref, retentionHref } from '@/lib/routes/href'

/** Source and destination, each a link; for a check or a sync, only what's read. */
export function JobPlaces({ job: { source, destination, plan, policy } }: { job: JobView }) {
  return (
    <>
      {policy && <Policy {...policy} />}
      {source && <Place place={source} href={plan && planHref(plan.id)} />}
      {destination && (
        <>
          <ArrowRight aria-label="to" className="size-4 shrink-0 text-faint" />
          <Place place={destination} />
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

function Place({ place: { registry, repository, selector }, href }: { place: JobPlace; href?: string | undefined }) {
  if (!repository)
    return (
      <Link href={registryHref(registry)} className="min-w-0 break-all hover:text-accent">
        {registry}
      </Link>
    )
  const own = selector ? manifestHref({ registry, repository }, selector) : repositoryHref({ registry, repository })
  return (
    <Link href={href ?? own} className="min-w-0 break-all hover:text-accent">
      <span className="text-muted">{registry}/</span>
      {repository}
      {selector && (selector.includes(':') ? `@${shortDigest(selector)}` : `:${selector}`)}
    </Link>
  )
}
