import type { Metadata } from 'next'
import { orNotFound } from '@/app/(shell)/r/or-not-found'
import type { PageProps } from '@/app/page-props'
import { PolicyEditor } from '@/components/retention/policy-editor'
import { RunList } from '@/components/retention/run-list'
import { Crumbs } from '@/components/ui/crumbs'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { auditScopeOf } from '@/lib/data/audit/audit-scope'
import { readPolicyPage } from '@/lib/data/retention/read-overview'
import { visitor } from '@/lib/data/visitor'
import { retentionHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Retention policy' }

/** A policy that is saved, or a new one. */
export default async function RetentionPolicyPage({ params }: PageProps<{ id: string }>) {
  const { id } = await params
  const actor = await visitor()
  const page = await orNotFound(readPolicyPage(actor, id), actor)
  return (
    <>
      <Crumbs
        way={[{ label: 'Retention', href: retentionHref() }]}
        here={page.ok ? (page.value.policy?.name ?? 'New policy') : 'Policy'}
      />
      {page.ok ? (
        <PolicyEditor
          {...(page.value.policy && { saved: page.value.policy })}
          trashDays={page.value.trashDays}
          lastRun={page.value.runs
            .slice(0, 1)
            .map(({ id, state }) => `${id} ${state}`)
            .join()}
        >
          {page.value.policy && <RunList runs={page.value.runs} mayAudit={auditScopeOf(actor) !== undefined} />}
        </PolicyEditor>
      ) : (
        <ProblemNotice problem={page.problem} />
      )}
    </>
  )
}
