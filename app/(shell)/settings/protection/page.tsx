import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AddRule } from '@/components/protection/add-rule'
import { RuleList } from '@/components/protection/rule-list'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listRules } from '@/lib/data/protection/edit-protection'
import { visitor } from '@/lib/data/visitor'
import { isAbsence } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'

export const metadata: Metadata = { title: 'Protection' }

export default async function ProtectionPage() {
  const actor = await visitor()
  const rules = await attempt(() => listRules(actor), actor)
  if (!rules.ok && isAbsence(rules.problem)) notFound()
  return (
    <>
      <PageHead
        title="Protection"
        about="A protected tag can’t be moved or deleted by anyone, in any way. Admins can override a rule with a reason, which goes into the audit log. New tags can still be created."
      />
      {rules.ok ? (
        <>
          <AddRule />
          <RuleList rules={rules.value} />
        </>
      ) : (
        <ProblemNotice problem={rules.problem} />
      )}
    </>
  )
}
