import { Recycle } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PolicyList } from '@/components/retention/policy-list'
import { buttonStyles } from '@/components/ui/button'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listPolicyOverviews } from '@/lib/data/retention/read-overview'
import { visitor } from '@/lib/data/visitor'
import { isAbsence } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { retentionHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Retention' }

export default async function RetentionPage() {
  const actor = await visitor()
  const policies = await attempt(() => listPolicyOverviews(actor), actor)
  if (!policies.ok && isAbsence(policies.problem)) notFound()
  return (
    <>
      <PageHead
        title="Retention"
        about="A policy says which tags to keep. When it runs, tags that no rule keeps are deleted and go to the trash."
      >
        <Link href={retentionHref('new')} className={buttonStyles({ variant: 'primary' })}>
          New policy
        </Link>
      </PageHead>
      {!policies.ok ? (
        <ProblemNotice problem={policies.problem} />
      ) : policies.value.length === 0 ? (
        <Empty icon={Recycle} title="No retention policies yet">
          Add one to see what it would delete. Nothing is deleted until you run it or give it a schedule.
        </Empty>
      ) : (
        <PolicyList policies={policies.value} />
      )}
    </>
  )
}
