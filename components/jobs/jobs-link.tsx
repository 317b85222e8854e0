'use client'

import { ListTodo, LoaderCircle } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { plural } from '@/lib/format/bytes'
import { useQuery } from '@/lib/query/hooks'
import { unfinishedJobsQuery } from '@/lib/query/jobs'
import { jobsHref } from '@/lib/routes/href'

/** Links to the jobs page and shows how many are unfinished. @param unfinished as of when the page was rendered */
export function JobsLink({ unfinished }: { unfinished: number }) {
  const { data: count } = useQuery(unfinishedJobsQuery(unfinished))
  const text = count === 0 ? 'Jobs' : `Jobs: ${plural(count, 'job')} unfinished`
  return (
    <Link href={jobsHref} title={text} aria-label={text} className={buttonStyles({ variant: 'ghost', size: 'icon' })}>
      {count === 0 ? (
        <ListTodo aria-hidden />
      ) : (
        <span className="relative">
          <LoaderCircle aria-hidden className="animate-spin text-accent motion-reduce:animate-none" />
          <span aria-hidden className="absolute -top-2 -right-2.5 text-2xs font-semibold text-accent tabular">
            {count}
          </span>
        </span>
      )}
    </Link>
  )
}
